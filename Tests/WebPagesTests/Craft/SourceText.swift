import Foundation

/// The sources of the website, for tests that read them.
enum SourceText {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Files below a folder of the checkout, by their path in it.
    static func files(below folder: String, suffix: String) -> [(path: String, text: String)] {
        let base = root.appending(path: folder).resolvingSymlinksInPath()
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(suffix) }.sorted().compactMap { name in
            (try? String(contentsOf: base.appending(path: name), encoding: .utf8)).map { ("\(folder)/\(name)", $0) }
        }
    }

    static func hasChinese(_ text: some StringProtocol) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
}

/// A call of `pick` as it stands in a source.
struct PickCall {
    /// What the string literals of each argument say, with their interpolations, by label.
    var literals: [String: [String]] = [:]
    var file = ""
    var line = 0

    /// What is written between `\(` and `)` in an argument.
    func interpolations(_ label: String) -> Set<String> {
        var found: Set<String> = []
        for literal in literals[label] ?? [] {
            var scanner = LiteralScanner(literal)
            found.formUnion(scanner.interpolations())
        }
        return found
    }

    /// The calls in a source, and what of it stands outside of them.
    static func calls(in text: String, file: String) -> (calls: [PickCall], rest: String) {
        var calls: [PickCall] = []
        var rest: [UInt8] = []
        var line = 1
        let bytes = Array(text.utf8)
        var from = 0
        for call in text.utf8.ranges(of: Array("pick(".utf8)) {
            let start = text.utf8.distance(from: text.utf8.startIndex, to: call.lowerBound)
            guard start >= from, start == 0 || !isLetter(bytes[start - 1]) else { continue }
            let end = closing(bytes, from: start + 4)
            rest += bytes[from..<start]
            line += bytes[from..<start].count { $0 == UInt8(ascii: "\n") }
            calls.append(PickCall(literals: arguments(Array(bytes[(start + 5)..<end])), file: file, line: line))
            line += bytes[start..<end].count { $0 == UInt8(ascii: "\n") }
            from = end
        }
        rest += bytes[min(from, bytes.count)...]
        return (calls, String(decoding: rest, as: UTF8.self))
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    /// Where the bracket that opens at `start` is closed; strings and what is put into them are looked through.
    private static func closing(_ text: [UInt8], from start: Int) -> Int {
        var depth = 0
        var index = start
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return index }
            case UInt8(ascii: "\""): index = endOfString(text, from: index)
            default: break
            }
            index += 1
        }
        return text.count - 1
    }

    /// The closing quotation mark of the string that opens at `start`.
    private static func endOfString(_ text: [UInt8], from start: Int) -> Int {
        var index = start + 1
        while index < text.count, text[index] != UInt8(ascii: "\"") {
            if text[index] == UInt8(ascii: "\\"), index + 1 < text.count {
                index = text[index + 1] == UInt8(ascii: "(") ? closing(text, from: index + 1) : index + 1
            }
            index += 1
        }
        return min(index, text.count - 1)
    }

    private static func arguments(_ body: [UInt8]) -> [String: [String]] {
        var found: [String: [String]] = [:]
        var label = ""
        var word: [UInt8] = []
        var index = 0
        var depth = 0
        while index < body.count {
            switch body[index] {
            case UInt8(ascii: "\""):
                let end = endOfString(body, from: index)
                found[label, default: []].append(String(decoding: body[(index + 1)..<end], as: UTF8.self))
                index = end
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: ":") where depth == 0:
                let name = String(decoding: word, as: UTF8.self)
                if ["en", "zh", "one", "many"].contains(name) { label = name }
            default: break
            }
            if isLetter(body[index]) { word.append(body[index]) } else { word = [] }
            index += 1
        }
        return found
    }
}

/// Looks for interpolations in what stands between the quotation marks of a literal.
struct LiteralScanner {
    private let text: [Character]

    init(_ literal: String) { text = Array(literal) }

    mutating func interpolations() -> Set<String> {
        var found: Set<String> = []
        var index = 0
        while index + 1 < text.count {
            if text[index] == "\\", text[index + 1] == "(" {
                var depth = 0
                var end = index + 1
                repeat {
                    if text[end] == "(" { depth += 1 }
                    if text[end] == ")" { depth -= 1 }
                    end += 1
                } while depth > 0 && end < text.count
                found.insert(String(text[(index + 2)..<(end - 1)]))
                index = end
            } else {
                index += 1
            }
        }
        return found
    }
}
