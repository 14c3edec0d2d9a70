import Yams

/// What is to be said of a card before it is committed: what cannot be read in its front matter, and what it lacks.
package struct CardReview: Sendable, Hashable {
    package struct Issue: Sendable, Hashable {
        /// From 1 in the file; nil when it is about the whole block.
        package let line: Int?
        package let message: String
    }

    package let issues: [Issue]
    /// Keys of the front matter that a card of this kind should have, in the order of their weight.
    package let missing: [String]

    package init(readme bytes: [UInt8], of kind: RepositoryKind) {
        issues = Self.issues(in: bytes)
        let card = Card(readme: bytes)
        var missing: [String] = []
        if card.licenses.isEmpty { missing.append("license") }
        if kind == .model, card.pipelineTag == nil { missing.append("pipeline_tag") }
        if kind == .model || kind == .dataset, card.languages.isEmpty { missing.append("language") }
        self.missing = missing
    }

    private static func issues(in bytes: [UInt8]) -> [Issue] {
        guard let parts = FrontMatter.parts(of: bytes) else {
            let first = bytes.prefix(4_096).split(separator: UInt8(ascii: "\n")).first { line in
                line.contains { $0 > 0x20 }
            }
            let isOpen = first.map { String(decoding: $0, as: UTF8.self).hasPrefix("---") } ?? false
            return isOpen
                ? [Issue(line: 1, message: "The block that begins here has no second line of '---'.")] : []
        }
        guard let problem = FrontMatter.problem(in: bytes) else { return [] }
        let before = bytes[..<parts.block.startIndex].count { $0 == UInt8(ascii: "\n") }
        do {
            _ = try Yams.compose(yaml: String(decoding: parts.block, as: UTF8.self))
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let text, let mark, _), .parser(_, let text, let mark, _),
                .composer(_, let text, let mark, _):
                return [Issue(line: before + mark.line, message: text)]
            default: break
            }
        } catch {
            return [Issue(line: nil, message: problem)]
        }
        return [Issue(line: nil, message: problem)]
    }

    /// The file with `key: value` at the top of its front matter, which is begun where there is none.
    /// - Parameters:
    ///   - key: one that stands for a single value.
    ///   - value: a word that YAML needs no quotes for.
    /// - Returns: nil for a file whose front matter cannot be changed line by line.
    package static func adding(_ key: String, _ value: String, to readme: [UInt8]) -> [UInt8]? {
        let line = Array("\(key): \(value)\n".utf8)
        var edited: [UInt8]
        if let parts = FrontMatter.parts(of: readme) {
            // A key without a value would stand there twice.
            let block = parts.block.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).filter {
                let text = String(decoding: $0, as: UTF8.self).filter { $0 != " " && $0 != "\r" }
                return text != "\(key):"
            }.joined(separator: [UInt8(ascii: "\n")])
            edited = readme[..<parts.block.startIndex] + line + block
            edited += readme[parts.block.endIndex...]
        } else {
            edited = Array("---\n".utf8) + line + Array("---\n\n".utf8) + readme
        }
        guard FrontMatter.problem(in: edited) == nil, Card(readme: edited).data?[key]?.scalarText == value else {
            return nil
        }
        return edited
    }
}
