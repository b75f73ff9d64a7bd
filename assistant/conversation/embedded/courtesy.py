"""Greetings in front of a request and thanks behind it, which say nothing about the request.

Works on text in normal form (`text.py`). A message that is nothing but courtesy is left whole.
"""

import re

VOCATIVE = (
    r"(?:(?:pessoal|galera)(?: da oficina| ai)?|rapaziada|gente|amigos?|amiga|chefe|chefia|mestre|mano|irmao|"
    r"moca|moco|senhor(?:es)?|senhora|doutor|"
    r"patrao|parceiro|querid[oa]|meu (?:amigo|querido|caro|bom|rei|filho|parceiro|patrao|brother|consagrado)|"
    r"caros?|prezad[oa]s?|equipe|familia|guri|tche|mermao|pia|cara|jovem|xoi|xgrato|xjoia|xriso|xemoji)"
)
GREETING = re.compile(
    r"^(?:(?:oi|oie|ola|alo|opa|hey|ei|e ai|eai|iae|salve|coe|bah|uai|oxe|oxente|buenas|"
    rf"fala(?: ai)?(?= {VOCATIVE})|bom dia|boa tarde|boa noite|a paz(?: do senhor)?|saudacoes|"
    r"tudo (?:bem|bom|certo|joia|tranquilo)(?: com (?:voces?|o senhor|a senhora))?|como (?:vai|vao|ta|"
    r"tao) (?:voces?|ai)|"
    rf"como vai|beleza|tranquilo|suave|firmeza|com licenca|por favor|por gentileza|{VOCATIVE}) (?:\? )?)+(?=[a-z])"
)
HELLO = re.compile(
    r"\b(?:oi|oie|ola|alo|opa|hey|e ai|eai|iae|salve|fala|buenas|bom dia|boa tarde|boa noite|a paz|tudo (?:bem|"
    r"bom|certo|joia)(?: .*)? \?)"
)
WORD = re.compile(r"[a-z]+")
THANKS = re.compile(
    r"(?<! nao)(?: (?:muito )?(?:obrigado|grato|grata|valeu|agradecid[oa]|desde ja agradeco|agradeco(?: a atencao)?|"
    r"por favor|por gentileza|por obsequio|xgrato|abracos?|atenciosamente|att|xoi|xriso|xemoji|"
    rf"bom dia|boa tarde|boa noite|{VOCATIVE}))+(?P<question> \?)?$"
)


def is_greeting(normal: str) -> bool:
    """Whether a message greets and does nothing else."""
    return _is_all_courtesy(normal) and HELLO.search(normal) is not None


def _is_all_courtesy(normal: str) -> bool:
    match = GREETING.match(f"{normal} x")
    return match is not None and match.end() > len(normal)


def strip_courtesy(normal: str) -> str:
    """The request without the politeness around it; the whole text when nothing would be left.

    "bom dia pessoal tudo bem ? cade meu carro por favor" → "cade meu carro"; "nao obrigado" stays.
    """
    start = GREETING.match(normal)
    core = normal[start.end() :] if start else normal
    if len(WORD.findall(core)) < 2 or _is_all_courtesy(normal):
        return normal
    end = THANKS.search(core)
    if end and len(core[: end.start()].split()) >= 2:
        core = core[: end.start()] + (end["question"] or "")
    return core.strip() or normal
