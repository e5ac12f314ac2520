# docker build -t fuente .                                    an index elsewhere: --build-arg EXTRAS='[postgres]' or '[milvus]'
FROM python:3.11-slim AS wheel
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

FROM python:3.11-slim
ARG EXTRAS=
COPY --from=wheel /wheel /src/constraints.txt /install/
RUN pip install --no-cache-dir -c /install/constraints.txt "$(echo /install/*.whl)$EXTRAS" && rm -r /install \
 && useradd --system --uid 10001 fuente \
 && install -d -o fuente -g fuente /data
USER fuente
# A container listens on all its addresses, and so the server asks for a key: FUENTE_KEYS
ENV FUENTE_DATA=/data FUENTE_HOST=0.0.0.0
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/livez', timeout=3)"]
ENTRYPOINT ["fuente"]
CMD ["serve"]
