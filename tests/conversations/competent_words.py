"""What the competent scripted model says and does about each thing a customer may want. Its wording is its own."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from assistant.conversation.embedded.answers.choosing import choose
from assistant.conversation.embedded.answers.pointing import only_points
from assistant.conversation.embedded.clock import find_time
from assistant.conversation.embedded.intents import Intent
from assistant.conversation.embedded.moments import find_dates, resolve_date
from assistant.conversation.embedded.slots import find_models, plain
from assistant.conversation.kinds import is_only_map
from assistant.tools.quotes import QuoteItem
from integrations.brazil import clock, day, money, relative_day, relative_moment
from integrations.contact import normal_plate

if TYPE_CHECKING:
    from .competent import Situation

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What the mind does once it knows everything: tools to call, then words to say."""

    say: str
    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    proposes: str = ""
    """The tool whose proposal is said, if it makes one."""


MAP = re.compile(r"https?://\S*maps\S*")
PAID = re.compile(r"\b(?:ja (?:paguei|fiz o pix|transferi)|fiz o pix|comprovante|paguei)\b")
INVOICE = re.compile(r"\b(?:nota fiscal|nf|recibo)\b")
PAYING = re.compile(r"\bpix\b|\bpag|comprovante|boleto")
TERMS = re.compile(r"\bdescont|\d ?%|\bfaz por|\bparcel|\bcobr(?:e|em)\b|\bpor 3 mil|\bcaro\b.*\?|\d+x\b|\bmelhorar")
CLAIM = re.compile(r"\b(?:voltou|de novo|sem cobrar|quebrou|estour|na garantia|quero a garantia)")
THREAT = re.compile(r"\bvou .{0,10}(?:quebrar|matar|tacar fogo)")
ROBOT = re.compile(r"\brobo\b|\bbot\b|\bmaquina\b")
NOT_ALL = re.compile(r"\bso (?:a|o|uma parte)\b|\bsem (?:a|o)\b|\bmenos\b|\btira\b|\bparte\b|\bo oleo nao\b")
THEIRS = "Por segurança, falo de um carro só com o número cadastrado nele. Se quiser, chamo uma pessoa da equipe."
FREE = "Horários livres:"
PEOPLE = "Uma pessoa da equipe responde por aqui"


def answer(it: "Situation") -> Wanted:
    """What to do and say."""
    text, said = plain(it.text), it.understood
    if not it.text or is_only_map(it.text):
        return _media(it)
    if said.is_foreign:
        return _foreign(it)
    if ROBOT.search(text):
        return _say("Sou o assistente virtual da oficina, um robô mesmo. Posso chamar uma pessoa, se preferir.")
    if (said.main is Intent.TENTATIVA_ABUSO and said.sure) or THREAT.search(text):
        return _abuse(it, text)
    if re.fullmatch(r"\W*(?:quero )?voltar\W*", text):
        return _say("Certo, voltamos a avisar você.", [("record_opt_in", {})])
    if re.search(r"\b(?:deixa eu|vou) pensar\b", text):
        return _say("Sem pressa, pense com calma e me diga quando quiser.")
    wanted = _which_was_asked(it, text) or _by_intent(it, text)
    return _with_media(it, wanted)


def _by_intent(it: "Situation", text: str) -> Wanted:
    intents = [i for i in it.understood.intents if i not in (Intent.SAUDACAO, Intent.AGRADECIMENTO)]
    if re.search(r"\bmeus dados\b", text):
        return _hand("opt_out", it, "Seu pedido sobre os dados está com a equipe, que cuida dele e te responde.")
    if it.said_by_us and "orçamento:" in it.said_by_us[-1] and only_points(it.text):
        return _details(it, text)
    if it.pending and not intents:
        return _say(
            "Tudo bem, nada foi decidido." if it.understood.is_no else "Para decidir, preciso de um sim ou não."
        )
    if _offered_items(it) and it.understood.is_yes:
        return _details(it, text)
    if not intents or (it.understood.is_yes and len(text.split()) < 3):
        return _courtesy(it, text)
    if not it.understood.sure and not it.understood.is_negated and intents[0] not in (Intent.STATUS_OS,):
        return _unsure(it, text, intents[0])
    answers = [ANSWERS[intent](it, text) for intent in intents[:3]]
    first = answers[0]
    if len(answers) == 1 or first.proposes:
        return first
    texts = dict.fromkeys(part for one in answers for part in one.say.split("\n\n") if not one.proposes)
    calls = next((one.calls for one in answers if one.calls and not one.proposes), ())
    return _say("\n\n".join(texts), calls)


def _unsure(it: "Situation", text: str, guess: Intent) -> Wanted:
    """Follow the thread when the message alone does not say: the newcomer's answers, another car, else ask."""
    if guess in (Intent.PREVISAO_ENTREGA, Intent.NOVO_ORCAMENTO, Intent.ORCAMENTO_DETALHES, Intent.GARANTIA):
        return ANSWERS[guess](it, text)
    if re.search(r"\boutr[oa]\b", text) or find_models(text) or it.understood.plates or it.understood.os_number:
        return _status(it, text)
    if not it.known:
        if "telefone" in text or (it.said_by_us and THEIRS in it.said_by_us[-1]):
            return _say(f"Este número não está no cadastro. {THEIRS}")
        return _new(it, text)
    if guess in (Intent.APROVAR_ORCAMENTO, Intent.RECUSAR_ORCAMENTO) and NOT_ALL.search(text):
        return _decide(it, text)
    return _say("Não peguei bem: é sobre o andamento do carro, o orçamento ou outra coisa?")


def _say(text: str, calls: Sequence[tuple[str, Mapping[str, Any]]] = (), *, proposes: str = "") -> Wanted:
    return Wanted(text, tuple(calls), proposes)


def _hand(reason: str, it: "Situation", words: str, about: str = "") -> Wanted:
    summary = f"{it.name or 'Cliente'}: {about or reason}. Disse: {it.text[:200]}"
    return _say(f"{words} {_back(it)}", [("hand_off", {"reason": reason, "summary": summary})])


def _back(it: "Situation") -> str:
    shop = it.done["shop_info"]
    if shop["open_now"] or not shop["next_opening"]:
        return f"{PEOPLE}."
    when = relative_moment(datetime.fromisoformat(shop["next_opening"]), it.now)
    return f"{'É horário de almoço e' if shop['at_lunch'] else 'Estamos fechados e'} a equipe volta {when}."


# --- cars


def _label(car: Row) -> str:
    number = f", {car['number']}" if car.get("number") else ""
    return f"*{car['vehicle']}* ({car['plate']}){number}" if car["plate"] else f"*{car['vehicle']}*{number}"


def _cars(it: "Situation", text: str) -> list[Row] | None:
    """The cars that are meant; None when a plate or number names none of theirs."""
    everything = [*it.orders, *it.done["my_orders"]["vehicles"]]
    said = it.understood
    if said.os_number:
        named = [o for o in it.done["my_orders"]["orders"] if o["number"].endswith(said.os_number)]
        return named or None
    if said.plates:
        keys = {normal_plate(plate) for plate in said.plates}
        return [car for car in everything if normal_plate(car["plate"]) in keys] or None
    words = [word for word in find_models(it.text) if word not in ("vw", "volks", "volkswagen")]
    named = [car for car in everything if any(word in plain(car["vehicle"]).split() for word in words)]
    if named:
        return named
    if re.search(r"\boutr[oa]\b", text):
        last = next((t for t in reversed(it.said_by_us) if any(_in(car, t) for car in everything)), "")
        return [car for car in everything if not _in(car, last)]
    return list(it.orders)


def _in(car: Row, text: str) -> bool:
    return bool(car["plate"]) and car["plate"] in text


def _status(it: "Situation", text: str) -> Wanted:
    if not it.known:
        return _say(THEIRS)
    cars = _cars(it, text)
    if cars is None:
        return _say(f"Não encontrei esse carro no seu cadastro. {THEIRS}")
    if not cars:
        return _say("No momento não há nenhum carro seu em serviço com a gente.")
    asks = bool(re.search(r"\bquando\b|\bideia\b|\bprevis|\bpronto quando|\bchega\b", text))
    return _say("\n\n".join(_told(it, car, asks_when=asks) for car in cars))


def _told(it: "Situation", car: Row, *, asks_when: bool) -> str:
    if "stage" not in car:
        last = next((v for v in it.done["service_history"]["visits"] if v["plate"] == car["plate"]), None)
        visit = f" A última visita terminou em {day(date.fromisoformat(last['delivered_on']))}." if last else ""
        return f"{_label(car)} não tem ordem aberta agora.{visit}"
    parts = [f"{_label(car)}: etapa *{car['stage']}*."]
    if car["stage"] == "Pronto para Retirada" and Decimal(car["balance_due"] or 0):
        parts.append(f"Resta pagar {money(Decimal(car['balance_due']))}. Pode buscar: {_week(it)}")
    if car["stage"] == "Aguardando Aprovação" and car["quote_total"]:
        parts.append(f"O orçamento de {money(Decimal(car['quote_total']))} espera a sua resposta. Quer ver os itens?")
    for part in car["waiting_parts"]:
        parts.append(f"Peça a caminho: {part['description']}, prevista para {_day(it, part['expected_on'])}.")
    return " ".join([*parts, *_forecast(it, car, asks_when=asks_when)])


def _day(it: "Situation", value: str | None) -> str:
    return relative_day(date.fromisoformat(value), it.now) if value else "data ainda não registrada"


def _forecast(it: "Situation", car: Row, *, asks_when: bool) -> list[str]:
    if car["expected_at"]:
        at = datetime.fromisoformat(car["expected_at"])
        if at < it.now:
            return [f"A previsão era {relative_moment(at, it.now)} e não há outra; quer que eu chame uma pessoa?"]
        return [f"A previsão registrada é {relative_moment(at, it.now)}."]
    missing = "Ainda não há previsão registrada, e não quero inventar uma; posso chamar uma pessoa da equipe."
    return [missing] if asks_when and car["stage"] != "Pronto para Retirada" else []


# --- quotes


def _quotes(it: "Situation", text: str) -> list[Row] | None:
    cars = _cars(it, text)
    if cars is None:
        return None
    numbers = {car.get("number") for car in cars}
    return [quote for quote in it.done["quote"]["quotes"] if quote["number"] in numbers]


def _offered_items(it: "Situation") -> bool:
    return bool(it.said_by_us) and "Quer ver os itens?" in it.said_by_us[-1]


def _details(it: "Situation", text: str) -> Wanted:
    if not it.known:
        return _new(it, text)
    quotes = _quotes(it, text)
    if not quotes:
        return _say("Esse orçamento ainda não foi enviado, então ainda não tenho valores. A equipe está montando.")
    told = "\n\n".join(
        f"{_label(quote)}, orçamento:\n" + "\n".join(_item(i) for i in quote["items"])
        + f"\nTotal de {money(Decimal(quote['total']))}." for quote in quotes
    )  # fmt: skip
    if NOT_ALL.search(text) and quotes[0]["decision"] == "awaiting":
        return _decide(it, text)
    if TERMS.search(text):
        return _hand("quote_decision", it, f"{told}\n\nCondições são com o consultor, já chamei.")
    return _say(told)


def _item(item: Row) -> str:
    return f"• {item['description']}: {money(Decimal(item['total']))}"


def _decide(it: "Situation", text: str) -> Wanted:
    if not it.known:
        return _say(THEIRS)
    refuses = it.understood.main is Intent.RECUSAR_ORCAMENTO
    if TERMS.search(text) and not refuses:
        return _hand("quote_decision", it, "Condições e valores são com um consultor; já passei o seu pedido.")
    waiting = [q for q in _quotes(it, text) or [] if q["decision"] == "awaiting"]
    if not waiting:
        if re.search(r"cancel|desist", text) or refuses:
            return _hand("quote_decision", it, "Passei o seu pedido para um consultor, que fala com você.", "cancelar")
        return _say("Não há orçamento esperando resposta agora.")
    if len(waiting) > 1:
        return _say("Qual deles, por favor? " + " ou ".join(_label(quote) for quote in waiting) + "?")
    return _proposed(it, text, waiting[0], refuses=refuses)


def _proposed(it: "Situation", text: str, quote: Row, *, refuses: bool) -> Wanted:
    items = [QuoteItem.model_validate(item) for item in quote["items"]]
    asked = any("Quais itens" in said for said in it.said_by_us[-1:])
    choice = choose(it.text, items, naming_is_wanting=asked)
    arguments: dict[str, Any] = {"order_number": quote["number"], "verdict": "approve"}
    if choice is not None:
        arguments |= {"verdict": "approve_part", "items": [item.description for item in choice.wanted]}
        if sum((item.total or Decimal(0) for item in items), Decimal(0)) != Decimal(quote["total"]):
            return _hand("quote_decision", it, "Esse total não se divide por aqui: um consultor vê com você.")
    elif refuses:
        arguments |= {"verdict": "refuse", "reason": it.text}
    elif NOT_ALL.search(text):
        listed = "\n".join(f"{at}. {item.description}" for at, item in enumerate(items, start=1))
        return _say(f"Quais itens você quer, pelos números?\n{listed}")
    return _say("", [("propose_quote_decision", arguments)], proposes="propose_quote_decision")


def _which_was_asked(it: "Situation", text: str) -> Wanted | None:
    """An answer to a question of ours: which quote, which items."""
    last = it.said_by_us[-1] if it.said_by_us else ""
    if FREE in last and find_time(it.text):
        return _booking(it, text)
    waiting = [q for q in it.done["quote"]["quotes"] if q["decision"] == "awaiting"]
    if "Quais itens" in last and waiting:
        return _proposed(it, text, waiting[0], refuses=False)
    if it.pending and NOT_ALL.search(text) and len(waiting) == 1:
        return _proposed(it, text, waiting[0], refuses=False)
    if "Qual deles, por favor?" not in last or not waiting:
        return None
    at = 1 if re.search(r"\bsegund[oa]\b|^2$", text) else 0 if re.search(r"\bprimeir[oa]\b|^1$", text) else None
    keys = {normal_plate(plate) for plate in it.understood.plates}
    close = {"jeta": "jetta", "golfe": "golf"}
    words = {close.get(word, word) for word in re.findall(r"[a-z-]+", text)}
    for place, quote in enumerate(waiting):
        if place == at or normal_plate(quote["plate"]) in keys or words & set(plain(quote["vehicle"]).split()):
            return _proposed(it, "", quote, refuses=False)
    return _say("Preciso saber de qual carro: " + " ou ".join(_label(quote) for quote in waiting) + "?")


# --- money, warranty, past


def _payment(it: "Situation", text: str) -> Wanted:
    money_of = it.done["payments"]
    if PAID.search(text) and "quanto" not in text:
        return _hand("payment", it, "Anotei, obrigado! A equipe vai conferir o pagamento.", "diz que pagou")
    if INVOICE.search(text):
        return _hand("payment", it, "Passei o pedido da nota para a equipe.", "pede nota")
    if TERMS.search(text):
        return _hand("payment", it, "Parcelamento e condições são com a equipe; já passei o pedido.", "condições")
    parts = []
    for order in money_of["orders"] if it.known else []:
        if order["balance_due"] is not None:
            paid = f", pago {money(Decimal(order['paid']))}" if Decimal(order["paid"]) else ""
            parts.append(f"{_label(order)}: em aberto {money(Decimal(order['balance_due']))}{paid}.")
    if not parts and it.known:
        parts.append("Nada em aberto para pagar agora.")
    if "pix" in text:
        key = money_of["pix_key"]
        parts.append(f"Chave pix: {key}" if key else "A chave pix quem passa é a equipe, no balcão da oficina.")
    return _say("\n\n".join([*parts, f"Formas de pagamento: {money_of['payment_ways']}."]))


def _warranty(it: "Situation", text: str) -> Wanted:
    found = it.done["service_history"]
    days = f"Os serviços têm {found['warranty_days']} dias de garantia depois da entrega."
    words = find_models(it.text)
    visits = [v for v in found["visits"] if not words or any(w in plain(v["vehicle"]).split() for w in words)]
    if not CLAIM.search(text):
        return _say(days)
    if not visits:
        return _hand("warranty", it, f"{days} Passei o seu relato para um consultor.")
    last = visits[0]
    until = day(date.fromisoformat(last["warranty_until"]))
    words_ = f"{days}\n\n{_label(last)}: garantia até {until}. Um consultor vai olhar o seu caso."
    return _hand("warranty", it, words_, f"garantia da {last['number']}")


def _history(it: "Situation", text: str) -> Wanted:
    if not it.known:
        return _say(THEIRS)
    visits = it.done["service_history"]["visits"]
    lines = [f"• {day(date.fromisoformat(v['delivered_on']))}: {_label(v)}" for v in visits[:3] if v["delivered_on"]]
    return _say("\n".join(["Serviços já entregues:", *lines]) if lines else "Não há serviço entregue neste cadastro.")


# --- the shop, people, small talk


def _shop(it: "Situation", text: str) -> Wanted:
    shop = it.done["shop_info"]
    now = "Agora estamos abertos." if shop["open_now"] else f"Agora estamos fechados. {_back(it)}"
    services = " Fazemos " + ", ".join(shop["services"]) + "." if re.search(r"\bfaz", text) else ""
    return _say(f"{now} {_week(it)} Endereço: {shop['address']}.{services}")


def _week(it: "Situation") -> str:
    monday, saturday = it.done["shop_info"]["hours"][0], it.done["shop_info"]["hours"][5]
    return (
        f"de segunda a sexta das {_hour(monday['opens'])} às {_hour(monday['closes'])}, "
        f"sábado das {_hour(saturday['opens'])} às {_hour(saturday['closes'])}."
    )


def _hour(value: str) -> str:
    hour, minute, *_ = value.split(":")
    return f"{int(hour)}h{minute if minute != '00' else ''}"


def _booking(it: "Situation", text: str) -> Wanted:
    """A slot that was named is proposed; else the free ones of the day are told."""
    if re.search(r"\b(?:desmarc|cancel|remarc)", text):
        return _hand("booking", it, "Passei o seu pedido para a equipe.")
    before = " ".join(it.said_by_them[-3:])
    mentioned = find_dates(it.text) or find_dates(before)
    on_day = next((day for one in mentioned if (day := resolve_date(one, it.now.date()))), None)
    if on_day is None:
        return _slots(it, {})
    at = find_time(it.text)
    if at is None:
        return _slots(it, {"on_day": on_day.isoformat()})
    slot = {"on_day": on_day.isoformat(), "at": at.isoformat(timespec="minutes")}
    if "free_slots" not in it.done:
        return _say("", [("free_slots", slot)])
    if it.done["free_slots"]["as_asked"] and "propose_visit" not in it.done:
        return _say("", [("propose_visit", slot)], proposes="propose_visit")
    if isinstance(it.done.get("propose_visit"), dict):
        return _say("", proposes="propose_visit")
    return _slots(it, slot)


def _slots(it: "Situation", asked: Row) -> Wanted:
    if "free_slots" not in it.done:
        return _say("", [("free_slots", asked)])
    moments = [datetime.fromisoformat(slot["slot_at"]) for slot in it.done["free_slots"]["slots"]]
    if not moments:
        return _hand("booking", it, "Não achei horário livre; a equipe combina com você.")
    listed = "\n".join(f"• {day(moment)} às {clock(moment)}" for moment in moments)
    return _say(f"{FREE}\n{listed}\nQual fica bom?")


def _person(it: "Situation", text: str) -> Wanted:
    return _hand("asked_for_person", it, "Já chamei uma pessoa da equipe.")


def _opt_out(it: "Situation", text: str) -> Wanted:
    return _hand("opt_out", it, "Anotei: não mandamos mais esse tipo de mensagem.")


def _complaint(it: "Situation", text: str) -> Wanted:
    return _hand("complaint", it, "Peço desculpas por isso. O responsável da oficina já recebeu a sua mensagem.")


def _new(it: "Situation", text: str) -> Wanted:
    """Ask what is missing; hand over once the car and the work are known."""
    everything = " ".join(it.said_by_them)
    works = re.search(
        r"\boleo|barulho|embreagem|ferve|fervendo|velas|suspens|freio|motor|remap|morre|para no", plain(everything)
    )
    if works:
        return _hand("new_quote", it, "Obrigado! Passei tudo para um consultor, que prepara os valores com você.")
    questions = [
        q for q, known in (("o seu nome", it.name), ("o modelo ou a placa", find_models(everything))) if not known
    ]
    return _say(f"Claro! Me diz {', '.join([*questions, 'o que o carro está fazendo'])}, por favor.")


def _off(it: "Situation", text: str) -> Wanted:
    return _say("Disso eu não cuido, mas do seu carro sim: andamento, orçamento, pagamento. Como posso ajudar?")


def _abuse(it: "Situation", text: str) -> Wanted:
    if THREAT.search(text):
        return _hand("abuse", it, "Vamos com calma; o responsável vai falar com você.")
    return _say("Isso eu não posso fazer. Se for sobre o seu carro, ajudo com prazer.")


def _courtesy(it: "Situation", text: str) -> Wanted:
    if it.understood.main is Intent.SAUDACAO:
        hello = f"Oi{', ' + it.name if it.name else ''}!"
        return _say(
            f"{hello} Em que ajudo?" if it.said_by_us else f"{hello} Aqui é da Doctor Auto Prime, no que ajudo?"
        )
    if it.said_by_us and "à disposição" in it.said_by_us[-1]:
        return _say("")
    return _say("Combinado, fico à disposição!")


def _foreign(it: "Situation") -> Wanted:
    spanish = re.search(r"\b(?:hola|coche|gracias|queria|listo)\b", plain(it.text))
    words = "Gracias por escribir: una persona del equipo le responde aquí." if spanish else (
        "Thank you for writing! A person from our team will reply here."
    )  # fmt: skip
    return _say(words, [("hand_off", {"reason": "language", "summary": f"Escreve em outra língua: {it.text[:200]}"})])


def _media(it: "Situation") -> Wanted:
    shown = " ".join(it.lines)
    if "[áudio]" in shown:
        return _say("Ainda não escuto áudios por aqui; você pode escrever em poucas palavras?")
    if re.search(r"\[(?:foto|arquivo|vídeo)\]", shown):
        paying = PAYING.search(plain(" ".join([*it.said_by_them[-4:], *it.said_by_us[-2:]])))
        words = "Recebi, obrigado! A equipe vai conferir." if paying else "Recebi a imagem e a equipe vai ver."
        return _hand("payment" if paying else "media", it, words)
    if "[localização]" in shown or MAP.search(shown):
        return _hand("media", it, "Recebi a localização e passei para a equipe.")
    return _say("")


def _with_media(it: "Situation", wanted: Wanted) -> Wanted:
    """A picture beside the words."""
    if not re.search(r"\[(?:foto|arquivo|vídeo)\]", " ".join(it.lines)) or wanted.calls:
        return wanted
    seen = _media(it)
    return _say(f"{wanted.say}\n\n{seen.say}", seen.calls)


ANSWERS = {
    Intent.STATUS_OS: _status,
    Intent.PREVISAO_ENTREGA: lambda it, text: _status(it, f"{text} quando"),
    Intent.ORCAMENTO_DETALHES: _details,
    Intent.APROVAR_ORCAMENTO: _decide,
    Intent.RECUSAR_ORCAMENTO: _decide,
    Intent.HISTORICO: _history,
    Intent.PAGAMENTO: _payment,
    Intent.AGENDAMENTO: _booking,
    Intent.HORARIO_ENDERECO: _shop,
    Intent.GARANTIA: _warranty,
    Intent.FALAR_HUMANO: _person,
    Intent.OPT_OUT: _opt_out,
    Intent.RECLAMACAO: _complaint,
    Intent.NOVO_ORCAMENTO: _new,
    Intent.FORA_DE_ESCOPO: _off,
    Intent.TENTATIVA_ABUSO: _abuse,
    Intent.SAUDACAO: _courtesy,
    Intent.AGRADECIMENTO: _courtesy,
}
