import Foundation
import Yams

/// Turns a file's text into bounded trees with locations, one for each YAML document in it.
struct DocumentStream {
    /// Largest file accepted, in bytes.
    static let maximumBytes = 1 << 20
    static let maximumNodes = 50_000
    static let maximumDepth = 32

    private let file: PolicyFile
    private let diagnostics: DiagnosticCollector
    private var nodes = 0
    private var exhausted = false

    /// The documents of the file; every one before a syntax error, and the error in the collector.
    static func documents(of file: PolicyFile, diagnostics: DiagnosticCollector) -> [DocumentNode] {
        var stream = DocumentStream(file: file, diagnostics: diagnostics)
        return stream.read()
    }

    private init(file: PolicyFile, diagnostics: DiagnosticCollector) {
        self.file = file
        self.diagnostics = diagnostics
    }

    private mutating func read() -> [DocumentNode] {
        guard file.text.utf8.count <= Self.maximumBytes else {
            error(1, 1, "the file is larger than 1 MiB", remedy: "split it: one file, one mirror")
            return []
        }
        if let objection = AliasGuard.objection(to: file.text) {
            error(objection.line, 1, objection.reason, remedy: "write the value out instead of using an alias")
            return []
        }
        var documents: [DocumentNode] = []
        do {
            // No resolver: which scalar is a number is decided by the reader that expects one, not by regular
            // expressions run over every word.
            let parser = try Yams.Parser(yaml: file.text, resolver: .basic, encoding: .utf8)
            while let root = try parser.nextRoot() {
                guard let document = convert(root, pointer: "", depth: 0) else { break }
                if !document.isNothing { documents.append(document) }
            }
        } catch let failure as YamlError {
            report(failure)
        } catch {
            self.error(1, 1, "the file cannot be read as YAML", remedy: "check its syntax")
        }
        return documents
    }

    private mutating func convert(_ node: Node, pointer: String, depth: Int) -> DocumentNode? {
        let location = location(node.mark)
        nodes += 1
        guard nodes <= Self.maximumNodes, depth <= Self.maximumDepth else {
            if !exhausted {
                let what =
                    depth > Self.maximumDepth
                    ? "is nested deeper than \(Self.maximumDepth) levels"
                    : "holds more than \(Self.maximumNodes) values"
                error(location.line, location.column, "the file \(what)", remedy: "simplify it")
            }
            exhausted = true
            return nil
        }
        switch node {
        case .scalar(let scalar):
            return DocumentNode(
                content: .scalar(scalar.string, isPlain: scalar.style == .plain), location: location, pointer: pointer)
        case .sequence(let sequence):
            var items: [DocumentNode] = []
            for (index, item) in sequence.enumerated() {
                guard let item = convert(item, pointer: "\(pointer)/\(index)", depth: depth + 1) else { return nil }
                items.append(item)
            }
            return DocumentNode(content: .sequence(items), location: location, pointer: pointer)
        case .mapping(let mapping):
            var entries: [DocumentNode.Entry] = []
            for (key, value) in mapping {
                let keyLocation = self.location(key.mark)
                guard case .scalar(let scalar) = key else {
                    error(
                        keyLocation.line, keyLocation.column, "a key must be text", pointer: pointer,
                        remedy: "keys are plain words such as 'spec'")
                    continue
                }
                let child = DocumentNode.pointer(pointer, scalar.string)
                guard let value = convert(value, pointer: child, depth: depth + 1) else { return nil }
                entries.append(.init(key: scalar.string, keyLocation: keyLocation, value: value))
            }
            return DocumentNode(content: .mapping(entries), location: location, pointer: pointer)
        case .alias:
            // The parser replaces aliases by what they name; one that is left names nothing.
            error(location.line, location.column, "an alias names nothing", remedy: "define its anchor above it")
            return nil
        }
    }

    private func location(_ mark: Mark?) -> SourceLocation {
        SourceLocation(file: file.name, line: mark?.line ?? 1, column: mark?.column ?? 1)
    }

    private func error(_ line: Int, _ column: Int, _ message: String, pointer: String = "", remedy: String? = nil) {
        diagnostics.add(
            .error, at: SourceLocation(file: file.name, line: line, column: column), pointer: pointer, message,
            remedy: remedy)
    }

    private func report(_ failure: YamlError) {
        switch failure {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            var message = "YAML syntax: \(problem)"
            if let context { message += ", \(context.text) that starts at line \(context.mark.line)" }
            error(mark.line, mark.column, message, remedy: Self.remedy(for: problem))
        case .reader(let problem, let offset, _, _):
            let place = place(offset: offset ?? 0)
            error(place.line, place.column, "YAML syntax: \(problem)", remedy: "save the file as UTF-8 text")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let key = duplicates.first ?? ""
            let first = context.mark
            if let second = secondPlace(of: key, after: first) {
                error(
                    second, first.column, "the key '\(key)' is given twice, first at line \(first.line)",
                    remedy: "keep one of the two")
            } else {
                error(
                    first.line, first.column, "the key '\(key)' is given twice in this mapping",
                    remedy: "keep one of the two")
            }
        default:
            error(1, 1, "the file cannot be read as YAML", remedy: "check its syntax")
        }
    }

    private static func remedy(for problem: String) -> String {
        if problem.contains("tab") || problem.contains("cannot start any token") {
            return "indent with spaces, and quote text that starts with @, ` or %"
        }
        if problem.contains("alias") {
            return "define the anchor above its first use, or quote a text that starts with *"
        }
        if problem.contains("mapping values are not allowed") {
            return "check the indentation, and quote text that holds ': '"
        }
        return "check the indentation, brackets and quotes here"
    }

    private func place(offset: Int) -> (line: Int, column: Int) {
        let before = file.text.prefix(offset)
        let lastLine = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).last ?? ""
        return (before.count(where: \.isNewline) + 1, lastLine.unicodeScalars.count + 1)
    }

    /// The line of the second occurrence of a key of a block mapping; the library only says where the first stands.
    private func secondPlace(of key: String, after first: Mark) -> Int? {
        let indentation = first.column - 1
        let lines = file.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated().dropFirst(first.line) {
            let content = line.drop { $0 == " " }
            guard let start = content.first, start != "#", start != "\r" else { continue }
            let depth = line.count - content.count
            if depth < indentation { return nil }
            if depth == indentation, content.hasPrefix(key + ":") { return index + 1 }
        }
        return nil
    }
}
