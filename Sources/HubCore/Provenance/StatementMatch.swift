/// Whether a statement is about the files of one commit of one repository, all of them and nothing else (S75).
package enum StatementMatch: Sendable, Hashable {
    /// It names this repository, and every file with its digest.
    case exact
    /// The same files under another repository's name.
    case otherName(String)
    /// It is about something else; why, for people.
    case mismatch(String)

    /// - Parameters:
    ///   - names: the names that the repository goes by, such as `models/acme/big`, compared without case; none where
    ///     any will do.
    ///   - commit: nil where only the files are known.
    ///   - files: all files of the commit.
    package init(_ statement: InTotoStatement, names: [String], commit: CommitID?, files: [FileDigest]) {
        if let commit, let stated = Self.commit(in: statement), stated != commit.hex {
            self = .mismatch("it is about the commit \(stated.prefix(64).onOneLine)")
            return
        }
        let known = Dictionary(files.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
        guard let first = statement.subjects.first, !files.isEmpty else {
            self = .mismatch("there are no files")
            return
        }
        guard let name = Self.repository(in: first.name) else {
            self = .mismatch("its subject '\(first.name.prefix(200).onOneLine)' does not name a repository")
            return
        }
        var seen: Set<String> = []
        for subject in statement.subjects {
            guard subject.name.hasPrefix(name + "/") else {
                self = .mismatch("it is about more than one repository")
                return
            }
            let path = String(subject.name.dropFirst(name.count + 1))
            guard let digest = known[path] else {
                self = .mismatch("it is about the file '\(path.prefix(200).onOneLine)', which is not here")
                return
            }
            guard digest == subject.sha256 else {
                self = .mismatch("its digest of '\(path.prefix(200).onOneLine)' is another one")
                return
            }
            guard seen.insert(path).inserted else {
                self = .mismatch("it names '\(path.prefix(200).onOneLine)' twice")
                return
            }
        }
        if seen.count != known.count, let missing = known.keys.sorted().first(where: { !seen.contains($0) }) {
            self = .mismatch("it says nothing about '\(missing.onOneLine)'")
            return
        }
        self = names.isEmpty || names.contains { $0.lowercased() == name.lowercased() } ? .exact : .otherName(name)
    }

    /// What a repository is called in subjects: `models/acme/big`.
    package static func name(_ kind: RepositoryKind, _ path: String) -> String { "\(kind.plural)/\(path)" }

    /// The first three parts of a subject's name: kind, namespace and name.
    private static func repository(in subject: String) -> String? {
        let parts = subject.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, parts.allSatisfy({ !$0.isEmpty }) else { return nil }
        return parts[0...2].joined(separator: "/")
    }

    /// The commit that a statement of a known type names.
    package static func commit(in statement: InTotoStatement) -> String? {
        let predicate = statement.predicate
        switch statement.predicateType {
        case StatementTypes.commit: return predicate["commit"]?.string ?? ""
        case StatementTypes.provenance:
            guard case .array(let dependencies) = predicate["buildDefinition"]?["resolvedDependencies"] ?? .null
            else { return nil }
            return dependencies.lazy.compactMap { $0["digest"]?["gitCommit"]?.string }.first
        case StatementTypes.verification: return predicate["resourceUri"]?.string.flatMap(Self.revision)
        default: return nil
        }
    }

    /// What follows the last `@`.
    private static func revision(in uri: String) -> String? {
        uri.lastIndex(of: "@").map { String(uri[uri.index(after: $0)...]) }
    }
}
