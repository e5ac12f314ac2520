"""Languages that are no packs, as far as is needed to tell that a text is in one of them.

Function words as they are written, those that Spanish or English share among them, and letters that neither has. Without
them a French text counts as Spanish for its ``la`` and ``de``. Checked on texts of one's own in each language and on short
questions (``tests/test_language.py``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from corpus.languages.pack import word_set

OTHER_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "fr": word_set("""
à au aux avec autre autres avait bien car ce cela celle celui ces cet cette chaque chez chose ci combien comme comment
dans de des depuis deux donc dont du elle elles en encore entre est et étaient était été être eu eux fait faire faut il
ils je jusqu jour la le les leur leurs lui ma mais me même mes moi moins mon ne ni nos notre nous on ont ou où par parce
pas pendant peu peut peuvent plus pour pourquoi quand que quel quelle quelles quels qui quoi sa sans se sera ses si soit
son sont sous sur ta tes toi ton tous tout toute toutes très trop tu un une va vers vos votre vous voudrais puis suis
"""),
    "it": word_set("""
a ad agli ai al alla alle allo anche ancora avere aveva ben che chi ci ciò come con contro cosa così cui da dagli dai
dal dalla dalle dallo degli dei del dell della delle dello dentro di dopo dove due è e ed era erano essere fa fare fino
fra gli ha hanno ho i il in io la le lei li lo loro lui ma me mentre mi mia mio molti molto ne negli nei nel nella nelle
nessun nessuno noi non nostra nostro o ogni per perché più po poi prima può qual quale quali quando quanti quanto quella
quelle quelli quello questa queste questi questo qui se sei senza si sia sono sopra sotto sta stato su sua sue sugli sui
sul sulla sulle suo suoi te tra tre tu tutta tutte tutti tutto un una uno vi voi vorrei vuole posso dov
"""),
    "pt": word_set("""
a à ante ao aos apenas as às até bem cada com como contra da das de dela dele deles depois desde dessa desse desta deste
do dois dos duas durante e é ela elas ele eles em enquanto entre era eram essa esse esta está estão este eu fica foi foram
há isso isto já lá lhe mais mas me mesmo meu minha muito muitos na não nas nem nenhum ninguém no nos nós nossa nosso num
numa o onde os ou outra outro para pela pelas pelo pelos pode podem pois por porque posso qual quais quando quanto quantos
que quem se sem ser será seu seus são só sob sobre sua suas também tem têm ter teu todas todo todos tu tudo um uma umas uns
vai vão você vocês vos gostaria
"""),
    "ca": word_set("""
a al als altra altre altres amb aquell aquella aquest aquesta aquestes aquests així això bé cada cap com contra dels
de del des després dins dos durant el ell ella elles ells els em en encara entre era eren és es està estan fa fer fins fou
ha han hem hi ho i ja jo la les li llur lo més mentre meu molt molts mateix ni ningú no nosaltres nostra nostre o on
pel pels per perquè però pot puc qual quals quan quant quants que què quin quina quines quins qui sa se sense ser serà
seu seva seves si sobre són són també tan tant te té teu tot tota totes tots un una uns va van vaig voldria vos vostè
"""),
    "gl": word_set("""
a á ao aos as ás até ata ben cada co coa coas como con contra cos cun cunha da das de dela del deles desde despois do dos
dous duas durante e é ela elas el eles en entre era eran esa ese esta está están este eu foi foron hai iso isto xa lle lles
máis mais mentres mesmo meu miña moi moito moitos na nas nin ningún ninguén no nos non nosa noso nun nunha o onde os ou
outra outro para pero pola polas polo polos pode poden por porque quen que cal cales cando canto cantos se sen ser será seu
seus só sobre son súa súas tamén ten teñen ter todas todo todos tu un unha unhas uns vai vostede
"""),
    "eu": word_set("""
bat bi baina bere da dago dagoen dira ditu du dute edo egin eta ere ez hau hori izan izango zen ziren zer zein non noiz nor
nola zenbat gabe arte behar da daude duen duten guztiak beste baino baita bezala horrek haien nahi
"""),
    "nl": word_set("""
aan al alle als altijd ander andere bij dan dat de deze die dit doen door een en er ge gaat geen haar had heb hebben heeft
hem het hier hij hoe hoeveel hun ik in is ja je kan kunnen kon maar mag me meer men met mij mijn moet moeten mogen na naar
niet niets nog nu of om omdat onder ons onze ook op over of te tegen tot twee u uit uw van veel voor waar waarom want was
wat we werd wie wij wil wordt worden zal ze zelf zich zij zijn zo zonder zou wanneer graag tijdens tenzij
"""),
    "de": word_set("""
aber alle als am an auch auf aus bei bin bis da damit dann das dass dem den der des die dies diese dieser doch durch ein
eine einem einen einer eines er es für gegen gibt hat haben hatte ich ihr ihre im in ist ja jede kann kein keine können man
mehr mein mit muss nach nicht noch nur ob oder ohne sehr sein seine sich sie sind so über um und uns unter vom von vor wann
war waren warum was weil welche wenn wer werden wie wir wird wo wurde zu zum zur zwei zwischen möchte dürfen
"""),
    "ro": word_set("""
a acest aceasta aceste al ale am ar are au ca că care ce cel cea cele cei cu cum când cât de despre din după este eu fi
fost iar în la le lui mai nu o pe pentru poate prin sa să sau se si și sunt te tot un una unde unei unui va vor
"""),
}
"""Function words, as written, of each language that is told from those that have a pack."""

ELIDED: Final = re.compile(r"(?:[ldsnmtcj]|qu|dell|all|nell|sull)['\u2019]")
"""How words begin in French, Italian and Catalan only: l'eau, dell'acqua, l'aigua."""

OTHER_LETTERS: Final[Mapping[str, float]] = {
    **dict.fromkeys("çàèìòùâêîôûäëïößãõåøæœłżśğışțșăœ", 0.5),
    "·": 0.5,
}
"""Letters that neither Spanish nor English has, and how much each counts against them."""
