"""Where an order stands, as it is said: "está na etapa de Diagnóstico", "aguardando peças", "já pode retirar".

Also that a visit still waits for the shop's word.

What is said of now must be the order's present stage; what is said of before may be in its history. Conditions
("assim que ficar pronto") and questions state nothing.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.dates import DateClaim
from assistant.conversation.factcheck.evidence import BOOKED_FIELD, Evidence, Stage
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.reading import Reading, plain

PLACE = (
    r"(?:(?:na|da|a|nas?|pela) (?:etapa|fase|parte)(?: atual)?(?: e)?(?: de| do| da|:)?"
    r"|(?:etapa|fase|status|situacao)(?: atual)?(?: d[aeo]s?(?: \w+){1,3})?(?: e| esta em|:| -)?"
    r"|(?:esta|estao|segue|continua|entrou|passou|foi|ficou|permanece|se encontra|ta) "
    r"(?:em|no|na|para|pelo|por|pro)(?: o| a)?"
    r"|[:>→(-])\s*[\"'“]?\s*"
)
"""What comes before a stage's bare name where it says that the order is there."""
WAITS = r"(?:aguard(?:ando|ar|ou|a|amos|\.)?|esper(?:ando|ar|amos|ou|a))"
STATES = r"(?:esta|estao|ta|tao|ficou|ficaram|encontra-se|encontram-se|segue|seguem)(?: \w+){0,2}? "
NOT_TO_START = r"(?! (?:p/|para|pra) (?:o )?(?:iniciar|comecar|inicio))"
PATTERNS: dict[Stage, tuple[str, ...]] = {
    Stage.DIAGNOSIS: (
        rf"{PLACE}diagnosticos?\b",
        r"(?<!especialistas )(?<!especializados )(?<!especializada )\bem diagnostico\b",
        r"\b(?:sendo|esta) (?:diagnosticad|avaliad|analisad)\w+",
        r"\b(?:estamos|esta) (?:diagnosticando|avaliando|analisando)\b",
        r"\b(?:diagnostico|avaliacao) (?:ainda )?(?:esta|segue|continua) em andamento\b",
    ),
    Stage.QUOTE: (
        rf"{PLACE}(?<!\bno )orcamentos?\b(?! (?:foi|esta|ja|no valor|enviad|(?:de|por|com|a) r\$))",
        r"\bem orcamento\b",
        r"\b(?:sendo|esta) orcad\w+",
    ),
    Stage.WAITING_APPROVAL: (
        rf"\b(?:{WAITS}(?: d[ae])?|pendente de|falta(?:ndo)?|depende d[ae]) (?:a )?(?:sua |seu )?(?:aprovacao|ok)\b",
    ),
    Stage.WAITING_PARTS: (
        rf"\b{WAITS}(?: d[aeo]s?)?(?: a)?(?: chegada d[aeo]s?)?(?: as?| os?| uma?)? (?:pecas?|bomba|kit)\b",
        r"\bfalta(?:ndo|m)?(?: chegar)?(?: uma?| as?)? pecas?\b",
    ),
    Stage.READY_TO_START: (
        r"\bpront[oa]s? (?:p/|para|pra) (?:iniciar|comecar|inicio)\b",
        r"\b(?:na fila|aguardando (?:o )?inicio)\b",
    ),
    Stage.IN_PROGRESS: (
        r"\bem (?:execucao|andamento|manutencao|conserto)\b",
        r"\b(?:esta|estao|ta|segue|continua|ja) em servico\b",
        r"\bsendo (?:executad|consertad|reparad|feit)\w+",
        r"\b(?:estamos|estao|esta) (?:ja )?"
        r"(?:mexendo|(?:trabalh|execut|consert|troc|instal|repar|calibr|alinh)ando)\b",
        r"\bservicos? (?:ja )?(?:foi iniciado|comecou|iniciou)\b",
    ),
    Stage.READY: (
        r"\bpront[oa]s? (?:p/|para|pra) (?:a )?(?:retirada|retirar|buscar|entrega|ser retirado)\b",
        rf"\b{STATES}pront(?:inh)?[oa]s?\b{NOT_TO_START}",
        r"\b(?:ja )?(?:vem|venha|vir|pode) (?:ja )?(?:buscar|retirar|pegar)\b",
        rf"{PLACE}pront[oa]s?\b{NOT_TO_START}",
        r"\b(?:ja )?(?:pode|podem) (?:vir |ser |ir )?(?:retira|busca|pega)\w+",
        rf"\b{STATES}(?:concluid|finalizad|liberad)[oa]s?\b",
        r"\b(?:foi|foram) (?:concluid|finalizad)[oa]s?\b",
        r"\b(?:terminamos|finalizamos|concluimos)\b(?! (?:o|a|seu|sua) (?:diagnostic|orcament|avaliac))",
        r"\b(?:equipe|mecanicos?|tecnicos?|pessoal)(?: \w+){0,2} (?:terminou|terminaram|finalizou|concluiu)\b"
        r"(?! (?:o|a|seu|sua) (?:diagnostic|orcament|avaliac))",
        r"\b(?:is|are|it's) (?:already |now )?(?:ready|done|finished)\b",
        r"\bready (?:for pick ?up|to be picked up)\b",
        r"\besta(?:n)? (?:ya )?list[oa]s?\b",
        r"\b(?:servico|trabalho) (?:foi )?(?:concluido|finalizado)\b",
    ),
    Stage.DELIVERED: (
        rf"{PLACE}entregues?\b",
        r"\b(?:foi|foram|ja|esta|estao|era|:|ordem|os) ?(?:ja )?entregues?\b",
        r"\bentregues? (?:em|no dia|dia|a voce|ha|ontem|hoje)\b",
        r"\bentregamos\b",
        r"\bvoce (?:ja )?(?:retirou|buscou|pegou)\b",
        r"\b(?:foi|ja foi) retirado\b",
    ),
    Stage.APPROVED: (
        r"\b(?:foi|esta|ja|ficou|orcamento|itens|item|servico) (?:ja |tudo |todo )?(?:foi )?aprovad[oa]s?\b",
        r"\bvoce (?:ja )?aprovou\b",
    ),
    Stage.DECLINED: (
        r"\b(?:foi|esta|ja|ficou|orcamento|itens|item) (?:ja )?(?:foi )?recusad[oa]s?\b",
        r"\bvoce (?:ja )?recusou\b",
    ),
    Stage.CANCELLED: (r"\b(?:foi|esta|ja|ficou|ordem|os) (?:ja )?(?:foi )?cancelad[oa]s?\b",),
}
_COMPILED = {stage: re.compile("|".join(alternatives)) for stage, alternatives in PATTERNS.items()}
LABELS: dict[Stage, str] = {
    Stage.DIAGNOSIS: r"diagnos",
    Stage.WAITING_APPROVAL: r"aprovacao|awaiting",
    Stage.WAITING_PARTS: r"pecas",
    Stage.READY_TO_START: r"iniciar",
    Stage.IN_PROGRESS: r"execucao|andamento|em atendimento",
    Stage.READY: r"retirada|^pronto$|conclu|finaliz",
    Stage.DELIVERED: r"entregue",
    Stage.APPROVED: r"aprovad|approved|parcial",
    Stage.DECLINED: r"recusad|refused",
    Stage.CANCELLED: r"cancel",
    Stage.QUOTE: r"orcamento",
}
"""How the records name their stages and decisions, in plain form."""
CONDITION = re.compile(
    r"\b(?:assim que|quando|se|caso|logo que|depois que|antes d[eo]|ate que|enquanto nao)"
    r"(?: (?!esta|ja|foi)\w+){0,4}\s*$"
    r"|\b(?:vai|vao|ir|ira|sera|serao|ser|para|pra|deve|devem)(?: \w+)?\s*$"
)
FORMAL = re.compile(
    r"\b(?:etapa|fase|status|situacao)(?: atual)?(?: d[aeo]s?(?: \w+){1,3})?[: ]*(?:\b(?:e|de|do|da|em)\b[: ]*)*[\"'“]?"
    r"(?:\w+ ?){1,4}$"
)
OF_A_PART = re.compile(r"\b(?:pecas?|bomba|kit|fornecedor\w*|itens|item)\b")
NOT = re.compile(r"\b(?:nao|nem|ainda nao|nunca)(?: \w+){0,2}\s*$|\bnenhuma?(?: \w+){0,4}\s*$")
NONE = re.compile(r"\bnenhuma?(?: \w+){0,2} *$")
NOW = re.compile(r"\b(?:esta|ta|segue|continua|permanece|(?:se )?encontra(?:-se)?)\b")
NEAR = 30
QUOTE_MADE = re.compile(r"\borcamento\b[^.;,\n]*\bsendo \w+$")
""" "O orçamento está sendo feito": not the work."""
BEFORE_NOW = re.compile(
    r"\b(?:esperou|aguardou|passou|esteve|entrou|ficou em|antes|apos|depois|ja passou|historico|anterior"
    r"|foi para|estava|em \d|desde)\b"
)

UNCONFIRMED = re.compile(
    r"\b(?:visita|agendamento|horario)\b[^.;\n]*?(?P<open>\bnao (?:foi|esta|ficou) confirmad[oa]\b|\bpor confirmar\b"
    r"|\b(?:falta|aguarda|espera|aguardando|esperando)(?: a)?(?: equipe)? confirma\w+)"
)


@dataclass(frozen=True)
class StageClaim(Claim):
    """The order is, or was, in this stage."""

    kind: ClassVar[Kind] = Kind.STAGE
    stage: Stage
    formal: bool
    """Whether it is called a stage ("na etapa …"), so that only the record's stage field counts."""
    day: DateClaim | None = None
    """The date written right before it, as in a list of what was when."""

    @property
    def key(self) -> Hashable:
        return self.stage

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if self._is_now(setting) and self.stage not in evidence.stages | evidence.decisions:
            return False
        if self.day is not None and any(self.day.means(moment) for _, moment in evidence.steps):
            return any(stage is self.stage and self.day.means(moment) for stage, moment in evidence.steps)
        if NOT.search(setting.before) or re.search(r"\bnao\b", plain(self.fragment)):
            return bool(evidence.stages or NONE.search(setting.before)) and self.stage not in evidence.stages
        if self.stage in evidence.stages or (self.stage in evidence.decisions and not self.formal):
            return True
        return self.stage in evidence.past_stages and bool(BEFORE_NOW.search(setting.sentence))

    def _is_now(self, setting: Setting) -> bool:
        """Whether it is said of now, though since a day: "está na etapa … desde 25/02"."""
        around = f"{setting.before[-NEAR:]}{plain(self.fragment)}"
        return self.day is not None and bool(NOW.search(around)) and not NOT.search(setting.before)

    def neutral(self, setting: Setting) -> bool:
        part = self.stage in (Stage.DELIVERED, Stage.READY) and OF_A_PART.search(setting.before[-40:])
        return setting.asks or bool(CONDITION.search(setting.before)) or bool(part)


@dataclass(frozen=True)
class UnconfirmedClaim(Claim):
    """The visit is not confirmed yet."""

    kind: ClassVar[Kind] = Kind.STAGE

    @property
    def key(self) -> Hashable:
        return UnconfirmedClaim

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if evidence.shop:
            return not evidence.trusted and BOOKED_FIELD not in evidence.told
        return evidence.flags.get("confirmed") is False


def find(reading: Reading) -> Iterator[StageClaim]:
    """Every statement about a stage; of two that overlap, the longer."""
    matches = [(match, stage) for stage, pattern in _COMPILED.items() for match in pattern.finditer(reading.plain)]
    taken: list[tuple[int, int]] = []
    for match, stage in sorted(matches, key=lambda pair: pair[0].start() - pair[0].end()):
        if all(match.end() <= start or end <= match.start() for start, end in taken):
            taken.append(match.span())
            start = match.end() - len(match.group().lstrip(" :>→(-\"'“"))
            if stage is Stage.IN_PROGRESS and QUOTE_MADE.search(reading.plain[max(0, start - 2 * NEAR) : match.end()]):
                stage = Stage.QUOTE
            formal = bool(FORMAL.search(reading.plain[: match.end()]))
            yield StageClaim(start, match.end(), reading.text[start : match.end()], stage, formal)


def find_unconfirmed(reading: Reading) -> Iterator[UnconfirmedClaim]:
    """Every visit said to be open."""
    for match in UNCONFIRMED.finditer(reading.plain):
        start, end = match.span("open")
        yield UnconfirmedClaim(start, end, reading.text[start:end])


def stage_of(label: str) -> Stage | None:
    """The stage that a record's label names, or None."""
    name = plain(label).strip()
    return next((stage for stage, pattern in LABELS.items() if re.search(pattern, name)), None)
