/// Reads files one after another and checks what only shows when all are known.
struct PolicyLoader {
    private let diagnostics = DiagnosticCollector()
    private var mirrors: [Mirror] = []
    private var sets: [PolicySet] = []
    private var names: [String: SourceLocation] = [:]

    mutating func read(_ file: PolicyFile) {
        let before = diagnostics.sorted(.error).count
        let documents = DocumentStream.documents(of: file, diagnostics: diagnostics)
        let reader = DocumentReader(diagnostics: diagnostics, text: file.text)
        if documents.isEmpty, diagnostics.sorted(.error).count == before {
            diagnostics.add(
                .warning, at: SourceLocation(file: file.name, line: 1, column: 1), pointer: "",
                "the file holds no document", remedy: "remove it, or describe a mirror in it")
        }
        for document in documents {
            guard let content = reader.document(document) else { continue }
            check(content.name, of: document)
            switch content.body {
            case .mirror(let mirror): mirrors.append(mirror)
            case .set(let set): sets.append(set)
            }
        }
    }

    func finish(digest: String) -> PolicyLoad {
        let enabled = mirrors.filter(\.isEnabled)
        NamespaceOverlap.check(enabled, diagnostics: diagnostics)
        let errors = diagnostics.sorted(.error)
        let snapshot =
            errors.isEmpty
            ? PolicySnapshot(
                digest: digest, mirrors: enabled, disabledMirrors: mirrors.filter { !$0.isEnabled },
                sharedRules: sets.flatMap(\.rules), sharedLicenses: sets.compactMap(\.license)) : nil
        return PolicyLoad(
            snapshot: snapshot, errors: errors, warnings: diagnostics.sorted(.warning),
            notices: diagnostics.sorted(.notice), referencedFiles: enabled.flatMap(\.referencedFiles))
    }

    private mutating func check(_ name: DocumentName?, of document: DocumentNode) {
        guard let name else { return }
        if let first = names[name.text] {
            diagnostics.add(
                .error, at: name.location, pointer: "/metadata/name",
                "the name '\(name.text)' is taken by the document at \(first)",
                remedy: "give one of the two another metadata.name")
        } else {
            names[name.text] = name.location
        }
    }
}
