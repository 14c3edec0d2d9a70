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

    static func calls(in text: String, file: String) -> (calls: [PickCall], rest: String) {
        var calls: [PickCall] = []
        var rest = ""
        let characters = Array(text)
        var index = 0
        var line = 1
        let word = Array("pick(")
        while index < characters.count {
            if characters[index...].starts(with: word), index == 0 || !characters[index - 1].isLetter {
                let end = closing(characters, from: index + word.count - 1)
                let body = Array(characters[(index + word.count)..<end])
                calls.append(PickCall(literals: arguments(body), file: file, line: line))
                line += characters[index..<end].count { $0 == "\n" }
                index = end
            }
            if characters[index] == "\n" { line += 1 }
            rest.append(characters[index])
            index += 1
        }
        return (calls, rest)
    }

    /// Where the bracket that opens at `start` is closed; strings and what is put into them are looked through.
    private static func closing(_ text: [Character], from start: Int) -> Int {
        var depth = 0
        var index = start
        while index < text.count {
            switch text[index] {
            case "(": depth += 1
            case ")":
                depth -= 1
                if depth == 0 { return index }
            case "\"": index = endOfString(text, from: index)
            default: break
            }
            index += 1
        }
        return text.count - 1
    }

    /// The closing quotation mark of the string that opens at `start`.
    private static func endOfString(_ text: [Character], from start: Int) -> Int {
        var index = start + 1
        while index < text.count, text[index] != "\"" {
            if text[index] == "\\", index + 1 < text.count {
                index = text[index + 1] == "(" ? closing(text, from: index + 1) : index + 1
            }
            index += 1
        }
        return index
    }

    private static func arguments(_ body: [Character]) -> [String: [String]] {
        var found: [String: [String]] = [:]
        var label = ""
        var word = ""
        var index = 0
        var depth = 0
        while index < body.count {
            switch body[index] {
            case "\"":
                let end = endOfString(body, from: index)
                found[label, default: []].append(String(body[(index + 1)..<end]))
                index = end
            case "(": depth += 1
            case ")": depth -= 1
            case ":" where depth == 0 && ["en", "zh", "one", "many"].contains(word): label = word
            default: break
            }
            let character = body[min(index, body.count - 1)]
            word = character.isLetter ? word + String(character) : ""
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
