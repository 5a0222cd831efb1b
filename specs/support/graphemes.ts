// About 500 graphemes on whose widths terminals disagree, and some on which they agree.

const list = (text: string): readonly string[] => text.split(' ');
const each = (bases: readonly string[], rest: string): readonly string[] => bases.map((base) => base + rest);
const range = (first: number, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => String.fromCodePoint(first + index));

const SELECTOR = '\ufe0f';
const JOINER = '\u200d';
const symbols = list(
  '❤ ⚠ ☺ ✔ ☮ ☀ ☁ ☎ ☑ ☘ ☝ ☠ ☢ ☣ ☦ ☪ ☯ ☸ ☹ ♀ ♂ ♟ ♠ ♣ ♥ ♦ ♨ ♻ ♾ ⚒ ⚔ ⚕ ⚖ ⚗ ⚙ ⚛ ⚜ ⛈ ✂ ✈ ✉ ✌ ✍ ✏ ✒ ✖ ✝ ✡ ✳ ❄',
);
const hands = list('👍 👎 👋 ✋ 👏 🙏 💪 🤝 ☝ ✌');
const people = list('👩 👨 🧑');
const tones = range(0x1f3fb, 5);
const flags = list('🇩🇪 🇫🇷 🇯🇵 🇧🇷 🇮🇳 🇺🇸 🇪🇺 🇨🇭 🇳🇵 🇶🇦');
const consonants = list('क ख ग च ज त द न प म');

export const graphemes: readonly string[] = [
  ...symbols,
  ...each(symbols, SELECTOR),
  ...each(list('0 1 2 3 4 5 6 7 8 9 # *'), `${SELECTOR}\u20e3`),
  ...each(list('0 1 2'), '\u20e3'),
  ...range(0x1f600, 80),
  ...range(0x1f300, 33),
  ...range(0x1f400, 27),
  ...range(0x1fa70, 12),
  ...hands.flatMap((hand) => each([hand], tones[hand.length % tones.length] ?? '')),
  ...people.flatMap((person) => list('💻 🚀 🍳 🔬').map((thing) => person + JOINER + thing)),
  ...list('👩‍👩‍👧‍👦 👨‍👩‍👧 👩‍❤️‍👨 🏳️‍🌈 🏴‍☠️ 👁️‍🗨️ 🐻‍❄️ ❤️‍🔥 🧑🏽‍🚀 👩🏿‍🤝‍👨🏻'),
  ...flags,
  ...list('🇩 🇪 🏽 🏻'),
  ...list('กำ น้ำ ที่ คำ ทำ จำ ถ้ำ ลำ ซ้ำ ค่ำ ກຳ ນ້ຳ'),
  ...consonants.flatMap((consonant) => [`${consonant}ि`, `${consonant}ा`, `${consonant}्ष`, `${consonant}्षि`]),
  ...list('কি কো ক্ষ மி நி கொ കൊ ക്ഷ කෝ ကို ក្ស ខ្មែ'),
  ...each(list('a e i o u n c z'), '\u0301'),
  ...each(list('a o'), '\u0301\u0323\u0330\u0334\u0338'),
  ...list('بِ سَّ لَ ש ع'),
  ...list('\u1112\u1161\u11ab \u1100\u1161 \u1112\u1173\u11ba 한 국'),
  ...list('ｶﾞ ﾊﾟ が は'),
  ...list('日 本 語 中 文 字 ！ ～ 、 。'),
  ...list('§ ± × ÷ ° ¡ ¿ ß Ж α Ω ∞ ≠ … — “ ” ‘ ’ · • ※ ① Ⅳ ½ ™ © ® → ← ↑ ↓ ↔ ⇒'),
  ...list('│ ─ ┌ ┐ └ ┘ ┊ ▐ ▸ ● ◐ ⊘ ○ ◌ ✗ ✓ ▁ ▂ ▃ ▄ ▅ ▆ ▇ █ ░ ▒ ▓ ■ □ ▲ ★ ☆ ♪'),
  ...list('é ü ñ ç å ø æ þ ð ł'),
  ...list('a b c x y z A Z 0 9 | ~'),
];
