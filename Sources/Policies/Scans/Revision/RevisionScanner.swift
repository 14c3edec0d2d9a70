/// Finds what only shows when the files of a revision are seen together: code that a configuration names, links that
/// lead elsewhere, names that hide or collide.
package struct RevisionScanner: Sendable {
    /// Longest text that is looked at, in bytes.
    package static let maximumText: Int64 = 16 << 20
    /// Findings that are answered of each code.
    private static let maximumFindings = 100

    private static let configurations: Set<String> = [
        "config.json", "tokenizer_config.json", "processor_config.json", "preprocessor_config.json",
        "video_preprocessor_config.json", "image_processor_config.json", "feature_extractor_config.json",
        "generation_config.json", "adapter_config.json", "model_index.json", "modules.json", "configuration.json",
        "chat_template.json", "scheduler_config.json", "metadata.json",
    ]

    package init() {}

    /// Whether the text of a file is to be given: of configurations that can name code, and of templates.
    package static func wantsText(of path: String, size: Int64) -> Bool {
        guard size <= maximumText else { return false }
        let name = lastPart(path)
        return configurations.contains(name) || isTemplate(name)
    }

    /// - Parameter entries: all paths of the revision, in any order.
    /// - Returns: the worst first; a place is a path.
    /// - Complexity: O(n log n) in the number of entries, and linear in their texts.
    package func findings(in entries: [RevisionEntry]) -> [ScanFinding] {
        var notes = Notes()
        var links: Set<Substring> = []
        for entry in entries {
            if case .link = entry.kind { links.insert(entry.path[...]) }
        }
        for entry in entries {
            if let problem = PathCheck.problem(entry.path) {
                notes.add("symlink", .suspicious, "path.name", entry.path, problem)
            }
            look(at: entry, links, &notes)
        }
        collisions(entries, &notes)
        return notes.findings.sorted { $0.verdict > $1.verdict }
    }

    private func look(at entry: RevisionEntry, _ links: Set<Substring>, _ notes: inout Notes) {
        switch entry.kind {
        case .link(let target):
            if PathCheck.leavesTree(link: entry.path, target: target) {
                notes.add(
                    "symlink", .dangerous, "symlink.outside", entry.path,
                    "is a link to \(target), outside of the repository")
            }
            return
        case .submodule:
            notes.add("container", .unknown, "submodule", entry.path, "is another repository, which is not looked into")
            return
        case .file, .executable: break
        }
        if !links.isEmpty {
            var parent = entry.path[...]
            while let slash = parent.lastIndex(of: "/") {
                parent = parent[..<slash]
                if links.contains(parent) {
                    notes.add("symlink", .dangerous, "symlink.through", entry.path, "lies behind the link \(parent)")
                    break
                }
            }
        }
        let name = Self.lastPart(entry.path)
        if let kind = SourceCode.kind(ofName: name) {
            notes.add("remote-code", .suspicious, "remote-code.source", entry.path, "is \(kind), which may be run")
        }
        guard let text = entry.text else { return }
        let session = ScanSession(ScanBytes([]))
        if Self.isTemplate(name) {
            TemplateScan(session: session, place: entry.path).run(text)
        } else if Self.configurations.contains(name) {
            let bytes = Array(text.utf8)
            if !ConfigurationScan(session: session, path: entry.path).run(bytes) {
                notes.add("remote-code", .unknown, "json.broken", entry.path, "is no JSON, as far as can be read here")
            }
            if name == "model_index.json" { pipeline(bytes, entry.path, &notes) }
            if name == "modules.json" { modules(bytes, entry.path, &notes) }
        }
        for finding in session.findings { notes.add(finding) }
    }

    /// Parts of a pipeline of diffusers: each with the library that its class comes from.
    private func pipeline(_ bytes: [UInt8], _ path: String, _ notes: inout Notes) {
        let known: Set<String> = ["diffusers", "transformers", "onnxruntime", "optimum", "flax", "stable_diffusion"]
        var json = HeaderJSON(bytes[...], isLenient: true)
        var found: [(String, String)] = []
        try? json.object { key, json throws(HeaderFault) in
            guard json.peek() == UInt8(ascii: "[") else { return try json.skip() }
            var parts: [String] = []
            try json.array { json throws(HeaderFault) in
                if json.peek() == UInt8(ascii: "\"") { parts.append(try json.string()) } else { try json.skip() }
            }
            if let library = parts.first, !known.contains(String(library.prefix { $0 != "." })) {
                found.append((key, library))
            }
        }
        for (key, library) in found {
            notes.add(
                "remote-code", .suspicious, "remote-code.pipeline", path,
                "takes '\(key)' from '\(library.shownOfFile(80))', which is code of its repository or of nobody known")
        }
    }

    /// Parts of a model of Sentence Transformers.
    private func modules(_ bytes: [UInt8], _ path: String, _ notes: inout Notes) {
        var json = HeaderJSON(bytes[...], isLenient: true)
        var found: [String] = []
        try? json.array { json throws(HeaderFault) in
            try json.object { key, json throws(HeaderFault) in
                guard key == "type", json.peek() == UInt8(ascii: "\"") else { return try json.skip() }
                let type = try json.string()
                if !type.hasPrefix("sentence_transformers.") { found.append(type) }
            }
        }
        for type in found {
            notes.add(
                "remote-code", .suspicious, "remote-code.module", path,
                "takes a part from '\(type.shownOfFile(80))', which is code of its repository or of nobody known")
        }
    }

    /// Paths that are one where case does not count, or where characters are put together differently.
    private func collisions(_ entries: [RevisionEntry], _ notes: inout Notes) {
        var seen: [String: String] = [:]
        for entry in entries {
            let key = entry.path.lowercased()
            if let other = seen[key], !other.utf8.elementsEqual(entry.path.utf8) {
                notes.add(
                    "symlink", .suspicious, "path.collision", entry.path,
                    "is the same as '\(other.shownOfFile(120))' where case and the composition of characters do not count"
                )
            } else {
                seen[key] = entry.path
            }
        }
    }

    private static func isTemplate(_ name: String) -> Bool {
        [".jinja", ".jinja2", ".j2"].contains { name.hasSuffix($0) }
    }

    private static func lastPart(_ path: String) -> String {
        path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    }

    /// What was found, a bounded number of each kind.
    private struct Notes {
        private(set) var findings: [ScanFinding] = []
        private var counts: [String: Int] = [:]

        mutating func add(_ scanner: String, _ verdict: ScanVerdict, _ code: String, _ path: String, _ text: String) {
            add(
                ScanFinding(
                    scanner: scanner, verdict: verdict, code: code, place: path.shownOfFile(300),
                    text: text.shownOfFile(400)))
        }

        mutating func add(_ finding: ScanFinding) {
            counts[finding.code, default: 0] += 1
            if counts[finding.code, default: 0] <= RevisionScanner.maximumFindings { findings.append(finding) }
        }
    }
}
