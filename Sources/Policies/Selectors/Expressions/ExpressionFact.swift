/// A fact that a `when:` expression can name.
enum ExpressionFact: String, Sendable, CaseIterable {
    case license
    case licenseID = "license.id"
    case licenseIDs = "license.ids"
    case licenseDeclared = "license.declared"
    case licenseFlags = "license.flags"
    case repo
    case repoOwner = "repo.owner"
    case repoName = "repo.name"
    case repoKind = "repo.kind"
    case repoFiles = "repo.files"
    case repoSize = "repo.size"
    case repoTags = "repo.tags"
    case kind
    case revision
    case commit
    case file
    case filePath = "file.path"
    case fileSize = "file.size"
    case files
    case size
    case tags
    case task
    case library
    case language
    case author
    case downloads
    case params
    case user
    case org

    /// What kind of value an expression or a fact has; known before any content is seen.
    enum ValueType: String, Sendable {
        case text
        case number
        case list = "list of texts"
        case boolean = "true or false"
    }

    var type: ValueType {
        switch self {
        case .repoSize, .fileSize, .size, .downloads, .params: .number
        case .licenseIDs, .licenseDeclared, .licenseFlags, .repoFiles, .repoTags, .files, .tags, .language: .list
        default: .text
        }
    }

    /// Whether texts of this fact are licence identifiers, to be compared by their canonical form.
    var isLicense: Bool { [.license, .licenseID, .licenseIDs, .licenseDeclared].contains(self) }

    /// Whether the answer depends on who asks.
    var isRequester: Bool { self == .user || self == .org }

    /// The value, or nil when the fact is not known.
    func value(in facts: Facts) -> ExpressionValue? {
        switch self {
        case .license, .licenseID: facts.effectiveLicense.map { .text($0.description) }
        case .licenseIDs: facts.effectiveLicense.map { .list($0.licenses.map(\.id)) }
        case .licenseDeclared: facts.licenses.map { .list($0.expression.licenses.map(\.declared)) }
        case .licenseFlags: facts.effectiveLicense.map { .list($0.flags.sorted().map(\.rawValue)) }
        case .repo: .text(facts.repository)
        case .repoOwner: .text(facts.owner)
        case .repoName: .text(facts.name)
        case .repoKind, .kind: .text(facts.kind)
        case .repoFiles, .files: facts.files.map { .list($0) }
        case .repoSize: facts.totalSize.map { .number(Double($0)) }
        case .repoTags, .tags: facts.tags.map { .list($0) }
        case .revision: facts.revision.map { .text($0) }
        case .commit: facts.commit.map { .text($0) }
        case .file, .filePath: facts.file.map { .text($0) }
        case .fileSize: facts.fileSize.map { .number(Double($0)) }
        case .size: (facts.fileSize ?? facts.totalSize).map { .number(Double($0)) }
        case .task: facts.task.map { .text($0) }
        case .library: facts.library.map { .text($0) }
        case .language: facts.languages.map { .list($0) }
        case .author: .text(facts.author ?? facts.owner)
        case .downloads: facts.downloads.map { .number(Double($0)) }
        case .params: facts.parameters.map { .number(Double($0)) }
        case .user: .text(facts.user ?? "")
        case .org: .text(facts.organisation ?? "")
        }
    }
}
