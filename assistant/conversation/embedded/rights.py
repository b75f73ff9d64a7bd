"""Three wishes about a customer's own name: stop writing to me, write again, and what about my data (LGPD).

Read message by message, because in a burst one message says it and the next asks for the car. Beside each expression
stands what only looks like it ("não para de mandar", "meus dados para a nota são …"). Texts only.
"""

import re
from collections.abc import Sequence

from assistant.conversation.embedded import patterns, wishes
from assistant.conversation.embedded.courtesy import strip_courtesy
from assistant.conversation.embedded.expressions import Expressions, any_matches, compiled
from assistant.conversation.embedded.text import normalise
from assistant.decisions.models import DataRight

DATA = (
    r"(?:(?:os |d?os |aos |as |d?as )?(?:meus?|minhas?) (?:\w+ )?(?:dados|informac\w+|cadastro|registros?)"
    r"(?: pessoa\w+)?|"
    r"dados pessoais)"
)
RECORD = r"(?:meus?|minhas?) (?:dados|informac\w+|cadastro|registros?|cpf|rg|nome|endereco|email)"
PIECE = r"(?:meus?|minhas?) (?:dados|informac\w+|cadastro|registros?|cpf|rg|nome|endereco|telefone|numero|email)"
OF_THE_ORDER = r"(?! (?:da os|do carro|do orcamento|d[ao] servico|(?:d|par)?a nota|pra nota|antig|velh))"
RIGHTS: tuple[tuple[DataRight, Expressions], ...] = (
    (
        DataRight.ERASURE,
        compiled(
            rf"\b(?:exclu|apag|delet|elimin|remov|remoc|exclus|esquec)\w* (?:\w+ ){{0,3}}{DATA}\b{OF_THE_ORDER}",
            r"\b(?:exclu|apag|delet|elimin)\w* (?:\w+ ){0,3}tudo (?:\w+ ){0,3}(?:de|sobre) mim\b",
            r"\bdireito (?:ao|de) (?:esquecimento|exclusao)\b|\bser esquecid[oa]\b",
            rf"\b(?:some|suma|sumam|sumir|limp\w+) (?:\w+ )?(?:com |de )?{DATA}\b{OF_THE_ORDER}",
            rf"\b(?:tir|remov|retir|apag|exclu|delet)\w* (?:o |a )?{RECORD} (?:d[oae]|daqui|dai) (?:\w+ )?"
            r"(?:sistema|banco|cadastro|base|registros?)\b",
            rf"\bnao quero (?:mais )?(?:\w+ )?(?:o |a )?{PIECE} (?:mais )?(?:n[oa]|ai n[oa]|guardad\w+|salv\w+)"
            r"(?: (?:sistema|cadastro|banco|base)\b| com voces\b| ai\b)",
        ),
    ),
    (
        DataRight.CORRECTION,
        compiled(
            rf"\b(?:corrig|corrij|correc|atualiz|alter|mud|troc|retific|acert|arrum)\w* (?:\w+ ){{0,3}}{DATA}\b"
            rf"{OF_THE_ORDER}",
            r"\b(?:corrig|corrij|atualiz|alter|mud|troc|retific|acert|arrum)\w* (?:\w+ ){0,2}meu "
            r"(?:nome|telefone|celular|email|endereco|cpf|whatsapp)\b"
            r"(?=.*\b(?:cadastro|sistema|registro)\b|$| por favor| \?)",
            r"\b(?:meu|minha|meus) (?:nome|telefone|celular|email|endereco|cpf|cadastro|dados)\b(?: \w+){0,3} "
            r"(?:errad\w+|desatualizad\w+|incorret\w+)\b",
        ),
    ),
    (
        DataRight.ACCESS,
        compiled(
            r"\b(?:quais|que|qual|ver|saber|acess\w+|consult\w+|mostr\w+|copia) (?:\w+ ){0,3}(?:dados?|informac\w+)"
            r"(?: pessoa\w+)? (?:que )?(?:voces? |a oficina |a empresa )?(?:tem|guarda\w*|possu\w+|armazen\w+) "
            r"(?:\w+ ){0,2}(?:de|sobre) mim\b",
            rf"\b(?:quais|ver|acess\w+|consult\w+|mostr\w+|copia|relatorio|receber) (?:\w+ ){{0,3}}{DATA}\b"
            rf"{OF_THE_ORDER}",
            r"\b(?:dados?|informac\w+)(?: pessoa\w+)? (?:que )?(?:voces? |a oficina )?(?:tem|guard\w+|armazen\w+) "
            r"(?:\w+ )?(?:meus?|minhas?)\b(?! (?:carro|os|orcamento))",
            r"\b(?:quais|que|qual|saber) (?:\w+ ){0,3}(?:dados|informac\w+)(?: pessoa\w+)? (?:meus|minhas)\b",
            r"\btudo (?:o )?que (?:voces? )?(?:tem|sabem|guard\w+|armazen\w+) (?:\w+ ){0,3}(?:de|sobre) mim\b",
            rf"\b(?:guard|armazen|compartilh|repass|vend|salv)\w* (?:\w+ ){{0,2}}?(?:o |os |a |as )?{PIECE}\b",
            rf"\b(?:tem|ta|fica) (?:\w+ )?(?:o |a )?{PIECE} (?:\w+ )?(?:cadastrad\w+|guardad\w+|salv\w+|no sistema)\b",
            r"\bo que (?:voces? |a oficina |a empresa )?(?:sabem?|tem|guarda\w*|armazen\w+) (?:\w+ ){0,2}"
            r"(?:de|sobre) mim\b",
        ),
    ),
)
LGPD = re.compile(r"\blgpd\b", re.IGNORECASE)
"""The law's name alone asks for nothing in particular."""
DENIED = re.compile(r"\bnao (?:\w+ ){0,2}(?:quero|precisa\w*|vou|e pra|para)\b")
"""Before the wish: "não quero apagar meus dados"."""

PROTOCOL = re.compile(r"\bLGPD-\d")
"""Stands in our receipt of a request about data."""
ALL_OF_IT = re.compile(r"\b(?:exclu|apag|delet|elimin|remov)\w* (?:\w+ ){0,2}(?:tudo|todos|todas|isso)\b")
"""Said after that receipt, it is the data that is meant."""

BARE_RETURN = re.compile(
    r"(?:(?:eu )?(?:quero|queria|posso|pode|podem|gostaria de) )?(?:voltar|volta|voltem|reativ\w+)"
    r"(?: por favor| agora| \?)*"
)
AGAIN = r"(?:de novo|novamente|outra vez)"
OBJECT = rf"(?: (?:as|os|a|o|suas|seus|essas|esses|de|mais|voces|com))*(?: {wishes.MESSAGES})"
RETURN = compiled(
    rf"\b(?:volt|torn)\w+ a (?:me )?(?:receber|mandar|enviar|escrever)(?:{OBJECT}\b|(?: de voces)?$| \?| por favor)",
    rf"\b(?:receber|mandar|manda|enviar)(?:{OBJECT})? {AGAIN}(?: por favor)?$",
    rf"\b(?:receber|mandar|manda|mandem|enviar){OBJECT} {AGAIN}\b",
    rf"\b(?:coloc|bot|poe|por|ponh|inclu|adicion|inser|entr)\w* (?:\w+ ){{0,3}}?(?:de volta |{AGAIN} )?n(?:a|"
    rf"essa|esta) lista\b",
    rf"\breativ\w* (?:\w+ ){{0,2}}{wishes.MESSAGES}\b|\bcontinuar (?:a )?receb\w+(?:{OBJECT}\b|$)",
    rf"\bvolt\w+ a (?:me )?avis\w+\b|\bme avis\w+ {AGAIN}\b",
    r"\b(?:mudei de ideia|me arrependi|pensei melhor)\b.*\b(?:receb|mand|envi|avis)\w*"
    rf"(?: (?:as|os|a|o|de|me|suas|seus))*(?: {wishes.MESSAGES}|$)",
    rf"\bme (?:re)?cadastr\w+ {AGAIN}\b|\bme recadastr\w+\b|\bpode\w* reativar (?:{OBJECT})?",
)


def opts_out(texts: Sequence[str]) -> bool:
    """Whether one of the messages, read alone, stops our messages, and none after it takes that back."""
    stopped = False
    for text in texts:
        normal = normalise(text)
        if is_opt_out(text):
            stopped = True
        elif any_matches(wishes.KEEPS, normal) or wants_back([text]):
            stopped = False
    return stopped


def is_opt_out(text: str) -> bool:
    """Whether a message says in so many words that we are not to write to them any more."""
    normal = normalise(text)
    return patterns.is_opt_out(normal) and not _speaks_of_data(normal) and not wants_back([text])


def denies_opt_out(texts: Sequence[str]) -> bool:
    """Whether the messages want the opposite, or speak of data: then nobody may take them for an opt-out."""
    if opts_out(texts):
        return False
    normals = [normalise(text) for text in texts]
    return wants_back(texts) or any(patterns.denies_opt_out(each) or _speaks_of_data(each) for each in normals)


def wants_back(texts: Sequence[str]) -> bool:
    """Whether a message asks to be written to again. It means that only from somebody who has opted out."""
    return any(_wants_back(strip_courtesy(normalise(text))) for text in texts)


def _wants_back(normal: str) -> bool:
    if BARE_RETURN.fullmatch(normal):
        return True
    return any_matches(RETURN, normal) and re.search(r"\b(?:nao|nunca|nem|sem)\b", normal) is None


def data_right(texts: Sequence[str], last_said: str = "") -> DataRight | None:
    """What the messages ask about the customer's own data; the gravest when they ask several things.

    `last_said`: our last message, which says what "apaga tudo" is about.
    """
    normals = [normalise(text) for text in texts]
    if PROTOCOL.search(last_said) and any(_asks(normal, (ALL_OF_IT,)) for normal in normals):
        return DataRight.ERASURE
    return next((right for right, words in RIGHTS if any(_asks(normal, words) for normal in normals)), None)


def _speaks_of_data(normal: str) -> bool:
    """Also where nothing is asked: "não quero apagar meus dados"."""
    return LGPD.search(normal) is not None or any(any_matches(words, normal) for _, words in RIGHTS)


def _asks(normal: str, words: Expressions) -> bool:
    found = next(filter(None, (word.search(normal) for word in words)), None)
    return found is not None and DENIED.search(normal[: found.start()]) is None
