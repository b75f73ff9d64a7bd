/* What to try in the demonstration: a hint and a few sentences for each customer of the seed. */

// By the last eight digits of a phone: the ninth digit comes and goes.
const TRY = {
  87654321: {
    hint: "VW Gol 2019, na oficina",
    texts: ["oi, cadê meu carro?", "fica pronto hoje?", "o que já fizeram nele antes?", "quero falar com uma pessoa"],
  },
  12345678: {
    hint: "Audi A3 e VW Polo",
    texts: ["já posso buscar o audi?", "quanto falta pagar?", "o polo ainda tá na garantia?", "aceita cartão?"],
  },
  98765432: {
    hint: "VW Jetta, orçamento para responder",
    texts: ["me explica o orçamento", "quanto ficou a embreagem?", "pode fazer o serviço", "achei caro, não vou fazer"],
  },
  76543210: {
    hint: "VW T-Cross, em execução",
    texts: ["que horas fica pronto?", "vcs abrem sábado?", "qual o endereço de vcs?", "obrigada!"],
  },
  85551234: {
    hint: "VW Voyage, esperando peça",
    texts: ["a peça do voyage chegou?", "e aí, alguma novidade?", "qual o endereço de vcs?"],
  },
  66667777: {
    hint: "VW Tiguan, só no Kommo",
    texts: ["oi, como tá meu tiguan?", "aprovei o orçamento, e agora?", "quero marcar uma revisão"],
  },
};
const TRY_ANYONE = {
  hint: "Número sem cadastro",
  texts: ["oi, bom dia!", "vcs mexem com câmbio dsg?", "qual o horário e o endereço?", "quero marcar uma revisão"],
};

export const tryWith = (phone) => TRY[phone.slice(-8)] ?? TRY_ANYONE;
