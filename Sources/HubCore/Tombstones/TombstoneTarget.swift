/// What is buried.
package enum TombstoneTarget: Sendable, Hashable, CustomStringConvertible {
    /// Bytes, wherever they are.
    case digest(BlobID)
    /// The same by their name in git.
    case object(ObjectID)
    /// All of a repository.
    case repository(RepositoryID)
    /// One commit of a repository.
    case revision(RepositoryID, CommitID)
    /// Everything of an author: a namespace here, or an owner at an upstream.
    case namespace(String)
    /// Everything whose card names a licence.
    case license(String)

    /// The word that a row and a list say.
    package var kind: String {
        switch self {
        case .digest: "digest"
        case .object: "object"
        case .repository: "repository"
        case .revision: "revision"
        case .namespace: "author"
        case .license: "license"
        }
    }

    /// What is buried, without the word.
    package var text: String {
        switch self {
        case .digest(let blob): blob.hex
        case .object(let object): object.hex
        case .repository(let id): id.description
        case .revision(let id, let commit): "\(id)@\(commit.hex)"
        case .namespace(let name), .license(let name): name
        }
    }

    /// The form that is compared.
    var key: String { text.lowercased() }

    package var description: String { "\(kind) \(text)" }

    /// Reads a word and a text, as rows and lists have them.
    package init?(kind: String, text: String) {
        switch kind {
        case "digest":
            guard let blob = BlobID(text) else { return nil }
            self = .digest(blob)
        case "object":
            guard let object = ObjectID(text) else { return nil }
            self = .object(object)
        case "repository":
            guard let id = RepositoryID(parsing: text) else { return nil }
            self = .repository(id)
        case "revision":
            let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let id = RepositoryID(parsing: parts[0]), let commit = CommitID(String(parts[1]))
            else { return nil }
            self = .revision(id, commit)
        case "author":
            guard RepositoryID.isValidName(text) else { return nil }
            self = .namespace(text)
        case "license":
            guard !text.isEmpty, text.utf8.count <= 200, !text.contains(where: \.isWhitespace) else { return nil }
            self = .license(text)
        default: return nil
        }
    }

    /// Reads what people write: `sha256:…` or 64 digits, `git:…` or 40 digits, `model:acme/demo`,
    /// `model:acme/demo@COMMIT`, `author:acme`, `license:cc-by-nc-4.0`.
    package init?(parsing text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("sha256", 2): self.init(kind: "digest", text: parts[1].lowercased())
        case ("git", 2): self.init(kind: "object", text: parts[1])
        case ("author", 2): self.init(kind: "author", text: parts[1])
        case ("license", 2), ("licence", 2): self.init(kind: "license", text: parts[1])
        case (_, 2): self.init(kind: text.contains("@") ? "revision" : "repository", text: text)
        default: self.init(kind: text.utf8.count == 40 ? "object" : "digest", text: text.lowercased())
        }
    }
}
