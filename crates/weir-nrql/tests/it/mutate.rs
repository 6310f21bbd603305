//! Small changes to a text, always the same ones.

/// Parts that grammars stumble over.
const PIECES: &[&str] = &[
    "(", ")", "'", "`", "\"", "{", "}", ",", "%", " FROM ", " SELECT ", " WHERE ", " FACET ",
    " OR ", " NOT ", " IN (", "/*", "--", "é", "\u{a0}", "9e999", " AS ", " JOIN (", " WITH ",
    " SINCE ",
];

/// The text itself, then `count` changed ones.
pub fn mutations(bytes: &[u8], count: u64) -> Vec<Vec<u8>> {
    let mut state = bytes
        .iter()
        .fold(count, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let mut below = |limit: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % limit.max(1)
    };
    let mut all = vec![bytes.to_vec()];
    for _ in 0..count {
        let mut text = String::from_utf8_lossy(bytes).chars().collect::<Vec<char>>();
        for _ in 0..1 + below(3) {
            let at = below(text.len());
            match below(4) {
                0 if !text.is_empty() => drop(text.remove(at)),
                1 => {
                    let end = (at + below(12)).min(text.len());
                    text.drain(at.min(end)..end);
                }
                2 => {
                    let end = (at + below(20)).min(text.len());
                    let copied = text[at.min(end)..end].to_vec();
                    text.splice(at..at, copied);
                }
                _ => {
                    let piece: Vec<char> = PIECES[below(PIECES.len())].chars().collect();
                    text.splice(at..at, piece);
                }
            }
        }
        all.push(text.into_iter().collect::<String>().into_bytes());
    }
    all
}
