// Unmodified clients for JavaScript: run by test_javascript.py, which gives the address, the key and the question.

import assert from "node:assert/strict";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, generateText, streamText } from "ai";
import OpenAI from "openai";

const [, , url, key, question, document] = process.argv;
const baseURL = `${url}/v1`;

// Offsets are code points; they differ from what JavaScript counts only behind characters that take two units
const slice = (text, start, end) => Array.from(text).slice(start, end).join("");

async function opened(link) {
  const [, doc, start, end] = /\/d\/(.*)#char=(\d+),(\d+)$/.exec(link);
  const answer = await fetch(`${url}/v1/documents/${doc}/text?start=${start}&end=${end}&context=0`, {
    headers: { Authorization: `Bearer ${key}` },
  });
  return (await answer.json()).quote;
}

async function check(text, cited) {
  assert.equal(cited.length > 0, Boolean(document), JSON.stringify(cited));
  for (const one of cited) assert.equal(await opened(one.url), slice(text, one.start_index, one.end_index));
  if (document) assert.ok(cited.some((one) => one.url.includes(`/d/${document}#`)));
}

const client = new OpenAI({ baseURL, apiKey: key, maxRetries: 0 });
const asked = { model: "fuente", messages: [{ role: "user", content: question }] };
const { message } = (await client.chat.completions.create(asked)).choices[0];
await check(message.content, message.annotations.map((one) => one.url_citation));
let text = "";
for await (const part of await client.chat.completions.create({ ...asked, stream: true }))
  text += part.choices[0].delta.content ?? "";
assert.equal(text, message.content);
const response = await client.responses.create({ model: "fuente", input: question });
await check(response.output_text, response.output.at(-1).content[0].annotations);
await assert.rejects(new OpenAI({ baseURL, apiKey: "wrong", maxRetries: 0 }).models.list(), OpenAI.AuthenticationError);
await assert.rejects(client.chat.completions.create({ ...asked, model: "gpt-4o" }), OpenAI.NotFoundError);
const embedded = await client.embeddings.create({ model: (await client.models.list()).data.at(-1).id, input: "x" });
assert.ok(embedded.data[0].embedding.length > 100);

const provider = createOpenAI({ baseURL, apiKey: key });
for (const model of [provider.chat("fuente"), provider.responses("fuente")]) {
  const whole = await generateText({ model, prompt: question, maxRetries: 0 });
  assert.equal(whole.text, message.content);
  const urls = whole.sources.map((one) => one.url);
  assert.deepEqual(urls, message.annotations.map((one) => one.url_citation.url));
  const stream = streamText({ model, prompt: question, maxRetries: 0 });
  let streamed = "";
  for await (const part of stream.textStream) streamed += part;
  assert.equal(streamed, message.content);
  assert.deepEqual((await stream.sources).map((one) => one.url), urls);
}
const unknown = { model: provider.chat("gpt-4o"), prompt: question, maxRetries: 0 };
await assert.rejects(generateText(unknown), (error) => APICallError.isInstance(error) && error.statusCode === 404);
console.log("fine");
