package import Foundation

/// What is known of the content somebody asks for. Nil means: not known, or not looked at yet.
package struct Facts: Sendable, Equatable {
    /// `model`, `dataset`, `space`, `code`, …
    package var kind: String
    /// `owner/name` at the upstream.
    package var repository: String
    /// The branch or tag that was asked for.
    package var revision: String?
    /// The commit it stands for.
    package var commit: String?
    /// Path of the file in its repository; nil for a question about the repository as a whole.
    package var file: String?
    /// Bytes of that file.
    package var fileSize: Int64?
    /// Bytes of all files of the revision.
    package var totalSize: Int64?
    /// Nil before the card was read.
    package var licenses: LicenseFact?
    /// What holds for the revision, its licence texts and ancestors considered; nil: nobody looked.
    package var licenseConclusion: LicenseConclusion?
    /// Whether `license…` in expressions means the terms of ancestors too, as the licence lists of the mirror say.
    var inheritsLicenses = false
    package var tags: [String]?
    package var task: String?
    package var library: String?
    package var languages: [String]?
    /// Nil: the owner of the repository counts as its author.
    package var author: String?
    package var downloads: Int64?
    /// Number of model parameters.
    package var parameters: Int64?
    package var updatedAt: Date?
    /// Paths of all files of the revision.
    package var files: [String]?
    /// Who asks; nil: anonymous, which expressions see as the empty text.
    package var user: String?
    /// The organisation on whose behalf; nil: none, which expressions see as the empty text.
    package var organisation: String?
    package var now: Date?
    /// What scans found; nil: nobody knows of scans here.
    package var scan: ScanFacts?
    /// Whether a trusted key signed it; nil: nobody looked.
    package var isSignedByTrustedKey: Bool?
    /// Who let it pass a review, of what holds now; nil: nobody looked.
    package var approvals: [ApprovalFact]?
    /// The first of them.
    package var approval: ApprovalFact? { approvals?.first }

    package init(
        kind: String, repository: String, revision: String? = nil, commit: String? = nil, file: String? = nil,
        fileSize: Int64? = nil, totalSize: Int64? = nil, licenses: LicenseFact? = nil, tags: [String]? = nil,
        task: String? = nil, library: String? = nil, languages: [String]? = nil, author: String? = nil,
        downloads: Int64? = nil, parameters: Int64? = nil, updatedAt: Date? = nil, files: [String]? = nil,
        user: String? = nil, organisation: String? = nil, now: Date? = nil
    ) {
        self.kind = kind
        self.repository = repository
        self.revision = revision
        self.commit = commit
        self.file = file
        self.fileSize = fileSize
        self.totalSize = totalSize
        self.licenses = licenses
        self.tags = tags
        self.task = task
        self.library = library
        self.languages = languages
        self.author = author
        self.downloads = downloads
        self.parameters = parameters
        self.updatedAt = updatedAt
        self.files = files
        self.user = user
        self.organisation = organisation
        self.now = now
    }

    /// What stands before the slash of the repository.
    var owner: String {
        String(repository.prefix { $0 != "/" })
    }

    /// What stands after the slash of the repository.
    var name: String {
        repository.firstIndex(of: "/").map { String(repository[repository.index(after: $0)...]) } ?? repository
    }

    /// The terms that rules and lists see: what is concluded where that is known, else what the card says.
    var effectiveLicense: LicenseExpression? {
        guard let licenseConclusion else { return licenses?.expression }
        return inheritsLicenses ? licenseConclusion.concluded : licenseConclusion.own
    }
}
