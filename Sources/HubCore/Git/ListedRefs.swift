/// The answer to `ls-refs` of protocol version 2, made from the files that git itself would read.
///
/// - SeeAlso: gitprotocol-v2 "ls-refs"; `ls-refs.c` in git.
struct ListedRefs {
    private var showsPeeled = false
    private var showsSymbolic = false
    private var showsUnborn = false
    private var prefixes: [String] = []

    /// Reads the request.
    /// - Returns: nil for anything that only git can judge: capabilities it may refuse, arguments it may not know.
    init?(request body: [UInt8]) {
        var parser = PktLineParser()
        parser.append(body)
        var isHead = true
        var hasEnded = false
        while let line = try? parser.next() {
            guard !hasEnded else { return nil }
            switch line {
            case .flush: hasEnded = true
            case .delimiter where isHead: isHead = false
            case .data:
                guard let text = line.text, isHead ? Self.isKnown(capability: text) : take(text) else { return nil }
            default: return nil
            }
        }
        guard hasEnded, parser.pendingByteCount == 0 else { return nil }
    }

    private static func isKnown(capability: String) -> Bool {
        capability == "command=ls-refs" || capability == "object-format=sha1" || capability.hasPrefix("agent=")
    }

    private mutating func take(_ argument: String) -> Bool {
        switch argument {
        case "peel": showsPeeled = true
        case "symrefs": showsSymbolic = true
        case "unborn": showsUnborn = true
        default:
            // git counts prefixes too, and forgets about them all when there are far too many.
            guard argument.hasPrefix("ref-prefix "), prefixes.count < 4_096 else { return false }
            prefixes.append(String(argument.dropFirst("ref-prefix ".count)))
        }
        return true
    }

    /// The answer; nil when the files are not as `GitStore.publish` writes them.
    func answer(packedRefs: [UInt8], head: [UInt8]) -> [UInt8]? {
        let text = String(decoding: head, as: UTF8.self)
        guard text.hasPrefix("ref: refs/heads/"), text.hasSuffix("\n") else { return nil }
        let target = String(text.dropFirst("ref: ".count).dropLast())
        var refs: [(id: Substring, name: Substring, peeled: Substring?)] = []
        let lines = String(decoding: packedRefs, as: UTF8.self).split(separator: "\n")
        guard lines.first == "# pack-refs with: peeled fully-peeled sorted " else { return nil }
        for line in lines.dropFirst() {
            if line.hasPrefix("^"), let last = refs.indices.last {
                refs[last].peeled = line.dropFirst()
            } else {
                let words = line.split(separator: " ", maxSplits: 1)
                guard words.count == 2, words[0].utf8.count == 40 else { return nil }
                refs.append((words[0], words[1], nil))
            }
        }
        var bytes: [UInt8] = []
        if isWanted("HEAD") {
            let symbolic = showsSymbolic ? " symref-target:\(target)" : ""
            if let ref = refs.first(where: { $0.name == target }) {
                PktLine.text("\(ref.id) HEAD\(symbolic)").append(to: &bytes)
            } else if showsUnborn, showsSymbolic {
                PktLine.text("unborn HEAD\(symbolic)").append(to: &bytes)
            }
        }
        for ref in refs where !ref.name.hasPrefix("refs/hub/") && isWanted(ref.name) {
            let peeled = showsPeeled ? ref.peeled.map { " peeled:\($0)" } ?? "" : ""
            PktLine.text("\(ref.id) \(ref.name)\(peeled)").append(to: &bytes)
        }
        PktLine.flush.append(to: &bytes)
        return bytes
    }

    private func isWanted(_ name: some StringProtocol) -> Bool {
        prefixes.isEmpty || prefixes.contains { name.utf8.starts(with: $0.utf8) }
    }
}
