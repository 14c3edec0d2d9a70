/// Lets `**` beside East Asian punctuation open and close.
///
/// CommonMark decides by white space and punctuation around the asterisks, and Chinese puts no spaces between words:
/// in `这是**“重点”**内容` nothing would be bold. A mark that counts as a letter, put between punctuation and asterisks,
/// makes both possible.
enum EastAsianEmphasis {
    static func prepared(_ line: [UInt8]) -> [UInt8] {
        let star = UInt8(ascii: "*")
        guard line.contains(star), line.contains(where: { $0 >= 0xE2 }) else { return line }
        var out: [UInt8] = []
        out.reserveCapacity(line.count + 12)
        var index = 0
        while index < line.count {
            guard line[index] == star else {
                out.append(line[index])
                index += 1
                continue
            }
            let start = index
            while index < line.count, line[index] == star { index += 1 }
            let before = Characters.before(start, in: line)
            let after = Characters.after(index, in: line)
            if parts(after, from: before) {
                out += line[start..<index] + Marks.nothing
            } else if parts(before, from: after) {
                out += Marks.nothing + line[start..<index]
            } else {
                out += line[start..<index]
            }
        }
        return out
    }

    /// Whether asterisks stand between punctuation and something that is no punctuation, and one of the two is East
    /// Asian.
    private static func parts(_ punctuation: UInt32?, from other: UInt32?) -> Bool {
        guard let punctuation, let other, Characters.isPunctuation(punctuation), !Characters.isSpace(other),
            !Characters.isPunctuation(other)
        else { return false }
        return Characters.isEastAsianLetter(other) || Characters.isEastAsianPunctuation(punctuation)
    }
}
