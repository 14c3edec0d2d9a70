/// One repository that may be recommended, as far as it is known. Nil means: not known.
package struct RankingItem: Sendable, Hashable {
    /// What a model derives from.
    package struct Base: Sendable, Hashable {
        package enum Relation: String, Sendable, Hashable, CaseIterable {
            case finetune, adapter, merge, quantized
        }

        /// `owner/name`.
        package let path: String
        package let relation: Relation

        package init(path: String, relation: Relation) {
            self.path = path
            self.relation = relation
        }
    }

    /// `model`, `dataset`, …
    package var kind: String
    /// `owner/name`; with the kind, unique in an index.
    package var path: String
    package var task: String?
    package var library: String?
    package var languages: [String]
    package var tags: [String]
    package var downloads: Int64?
    package var likes: Int64?
    /// Downloads of single days with their ages in days; empty where only the sum is known.
    package var dailyDownloads: [(ageInDays: Double, downloads: Int64)] {
        get { zip(dailyAges, dailyCounts).map { ($0, $1) } }
        set {
            dailyAges = newValue.map(\.ageInDays)
            dailyCounts = newValue.map(\.downloads)
        }
    }
    private var dailyAges: [Double] = []
    private var dailyCounts: [Int64] = []
    /// Milliseconds since 1970.
    package var createdAt: Int64?
    package var updatedAt: Int64?
    /// What policy makes of its licence.
    package var licenseOutcome: Decision.Outcome
    /// The licence, for people.
    package var license: String?
    package var licenseFlags: Set<LicenseFlag>
    package var size: ModelSize?
    package var bases: [Base]
    /// `owner/name` of what replaces it.
    package var successor: String?
    /// Data sets a model was trained on, `owner/name`.
    package var datasets: [String]
    /// Bytes of all its files.
    package var totalBytes: Int64?
    /// Bytes of these that are here already, in whatever repository.
    package var localBytes: Int64
    package var approvals: Int64
    package var rejections: Int64

    package init(
        kind: String, path: String, task: String? = nil, library: String? = nil, languages: [String] = [],
        tags: [String] = [], downloads: Int64? = nil, likes: Int64? = nil, createdAt: Int64? = nil,
        updatedAt: Int64? = nil, licenseOutcome: Decision.Outcome = .allow, license: String? = nil,
        licenseFlags: Set<LicenseFlag> = [], size: ModelSize? = nil, bases: [Base] = [], successor: String? = nil,
        datasets: [String] = [], totalBytes: Int64? = nil, localBytes: Int64 = 0, approvals: Int64 = 0,
        rejections: Int64 = 0
    ) {
        self.kind = kind
        self.path = path
        self.task = task
        self.library = library
        self.languages = languages
        self.tags = tags
        self.downloads = downloads
        self.likes = likes
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.licenseOutcome = licenseOutcome
        self.license = license
        self.licenseFlags = licenseFlags
        self.size = size
        self.bases = bases
        self.successor = successor
        self.datasets = datasets
        self.totalBytes = totalBytes
        self.localBytes = localBytes
        self.approvals = approvals
        self.rejections = rejections
    }

    package var owner: Substring { path.prefix { $0 != "/" } }

    /// Under which it stands in an index, as `model:acme/x`: names of different kinds may be the same.
    package var key: String { "\(kind):\(path.lowercased())" }

    /// Bytes that would have to be fetched; nil where its size is not known.
    package var marginalBytes: Int64? { totalBytes.map { max(0, $0 - max(0, localBytes)) } }
}
