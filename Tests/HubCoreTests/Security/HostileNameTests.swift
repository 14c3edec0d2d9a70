import Testing

@testable import HubCore

@Suite("Names made to mislead")
struct HostileNameTests {
    @Test("S26: of a hundred thousand names made from hostile pieces only plain ones are names")
    func names() throws {
        let pieces = [
            "a", "Z", "0", ".", "..", "/", "\\", "%2e", "%252e", "%00", "\0", ".git", ".lock", "-", "--", "_", " ",
            "~1",
            "\u{2024}", "\u{FF0E}", "\u{2215}", "é", "\n", "$(", "`", ";", "\u{202E}", "con", "git~1", "@", "{", ":",
        ]
        var generator = SeededGenerator(seed: 26)
        var accepted = 0
        for _ in 0..<100_000 {
            let count = Int.random(in: 1...6, using: &generator)
            let name = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "a" }.joined()
            guard let id = RepositoryID(kind: .model, namespace: "acme", name: name) else { continue }
            accepted += 1
            let plain = id.name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]*/) != nil
            let isTricky =
                id.name.contains("..") || id.name.hasSuffix(".") || id.name.lowercased().hasSuffix(".git")
                || id.name.lowercased().hasSuffix(".lock")
            #expect(plain && !isTricky, "\(name.debugDescription)")
        }
        #expect(accepted > 100)
        #expect(RepositoryID(kind: .model, namespace: "acme", name: String(repeating: "a", count: 97)) == nil)
    }

    @Test("S37: an error says a hostile name without its controls and without turning the text around")
    func errors() {
        let name = "a\u{1B}[2Jb\u{9B}31mc\u{202E}exe.\u{2066}d\r\ne\u{7F}f\u{2028}g\u{200F}h\u{0}"
        let error = HubError(.entryNotFound, "There is no '\(name)'.", remedy: "Look for '\(name)'.")
        for text in [error.line, error.description] {
            let hostile = text.unicodeScalars.filter { scalar in
                scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
                    || scalar == "\u{2028}" || scalar == "\u{2029}"
            }
            #expect(hostile.isEmpty, "\(Array(hostile))")
        }
        #expect(HubError(.entryNotFound, "日本語 é שלום").line == "日本語 é שלום")
    }

    @Test("S37: no ref and no path has a control character")
    func refs() {
        for scalar in (UInt8(0)..<0x20).map({ UnicodeScalar($0) }) + ["\u{7F}"] {
            #expect(RefName("refs/heads/a\(Character(scalar))b") == nil, "\(scalar.value)")
        }
        #expect(GitPath("a\0b") == nil)
    }

    @Test("S37: a push's report is one line for each ref, whatever the refs are called")
    func report() throws {
        let names = ["refs/heads/a\nok refs/heads/main", "refs/heads/\u{1B}[31mred", "refs/heads/plain"]
        var request = ReceivePackRequest()
        request.capabilities = ["report-status"]
        let commit = try #require(ObjectID(String(repeating: "1", count: 40)))
        request.commands = names.map { .init(old: nil, new: commit, name: $0) }
        let error = HubError(.forbidden, "No\nok refs/heads/main\u{1B}[2J")
        let encoded = ReceivePackReport(refusing: request, because: error).encoded(for: request)
        var parser = PktLineParser()
        parser.append(encoded)
        var lines: [String] = []
        while let line = try parser.next() { if let text = line.text { lines.append(text) } }
        #expect(lines.filter { $0.hasPrefix("ok ") }.isEmpty, "\(lines)")
        #expect(!lines.contains { $0.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" } }, "\(lines)")
    }
}
