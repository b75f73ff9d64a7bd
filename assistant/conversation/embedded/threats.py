"""Threats of harm to the shop or its people: who says it will be done, what harm, and to whom.

"Quebro essa oficina inteira" threatens; "o carro quebrou", "vou bater o carro se o freio falhar" and "vou no Procon" do
not. Works on text in normal form (`text.py`).
"""

import re

HARM = (
    r"(?:quebr|arrebent|destru|destro|explod|invad|incendi|espanc|esmurr|esfaque|estrangul|depred|apedrej)"
    r"(?:o|ar|a|ir|er|ando|indo|amos|emos)?"
)
"""Stems whose first person and infinitive say what somebody will do."""
BLOWS = (
    r"(?:met|dou|dar|dand|tac|bot|pon|por|toc|jog)\w* (?:\w+ ){0,2}?(?:fogo|bala|tiros?|porrada|soco|murro|surra|"
    r"facada|"
    r"pedra|bomba|na cara|pau)"
)
KILLS = r"(?:mato|matar|acabo com|acabar com|encher? de porrada)"
THEM = (
    r"(?:voces?|(?:essa?|a) (?:oficina|loja)|(?:o|ess[ae]) (?:don[oa]|gerente|mecanic[oa]|vagabundo)|"
    r"tod[oa]s voces|(?:tua|sua) raca)"
)
PEOPLE = (
    r"(?:te|voces?|tu|(?:essa?|a|toda a|ess[ae] (?:porcaria|merda|bosta) de) (?:oficina|loja)|tudo(?: ai| isso)?|"
    r"(?:o|ess[ae]|d[oae]) (?:don[oa]|gerente|mecanic[oa]|cara|carinha|vagabundo|safado|ladrao)|alguem|tod[oa]s|"
    r"(?:a|tua|sua) (?:cara|raca|vida|familia)|(?:os|as|ess[ae]s) (?:vidros?|portas?|carros|coisas)|ai)"
)
WILL = r"(?:vou|vo|vamos|irei|quero|da vontade de|tenho vontade de|juro que)"
THREATS = (
    re.compile(rf"\b{WILL} (?:\w+ ){{0,4}}?{HARM} (?:\w+ ){{0,2}}?{PEOPLE}\b"),
    re.compile(
        rf"\b(?:{WILL}|eu) (?:\w+ ){{0,3}}?{KILLS} (?:\w+ ){{0,2}}?{THEM}\b|\b{WILL} te (?:matar|pegar|quebrar)\b"
    ),
    re.compile(rf"\b{WILL} (?:\w+ ){{0,4}}?{BLOWS}\b"),
    re.compile(
        r"\b(?:eu |e |senao |ai eu |ou eu |que eu )(?:\w+ ){0,2}?(?:quebro|arrebento|destruo|explodo|invado|incendeio|"
        rf"espanco) (?:\w+ ){{0,2}}?{PEOPLE}\b"
    ),
    re.compile(r"\b(?:meto|dou|taco|boto|ponho|toco) (?:\w+ ){0,2}?(?:fogo|bala|tiro|porrada|soco|murro|surra)\b"),
    re.compile(r"\bte (?:mato|pego|arrebento|quebro|encho)\b"),
    re.compile(
        r"\bsei onde (?:\w+ ){0,3}?(?:mora|moram|trabalha|estuda)\b|\b(?:va|vai|vao) (?:morrer|apanhar|levar bala)\b"
    ),
    re.compile(r"\b(?:vou|vo|to indo|chego) (?:\w+ ){0,2}?(?:armad[oa]|com (?:uma? )?(?:arma|faca|pau|galera))\b"),
    re.compile(
        r"\b(?:voces?|voce|isso|tu) (?:\w+ ){0,2}?(?:vai|vao) (?:se )?(?:\w+ )?(?:arrepender|pagar caro|ver so|"
        r"sangrar)\b|"
        r"\bvoces? (?:me )?pagam?(?: por isso| caro)\b|\b(?:vai|vao) ter (?:troco|volta|morte)$|"
        r"\bna (?:base da )?(?:porrada|marra|bala)\b"
    ),
)


def is_threat(normal: str) -> bool:
    """Whether somebody says that they will harm the shop or its people."""
    return any(threat.search(normal) for threat in THREATS)
