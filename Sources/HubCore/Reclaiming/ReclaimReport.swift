/// What one run of the collector removed, or would remove, by class.
package struct ReclaimReport: Sendable, Hashable {
    /// Kinds of what takes space.
    package enum Class: String, Sendable, CaseIterable {
        /// Large files that no repository links and nobody has staged.
        case blobs
        /// Chunks that came by Xet and make up no file.
        case xorbs
        /// Uploads and downloads that broke off and can no longer be continued.
        case uploads
        /// Git folders of repositories that were removed.
        case repositories
        /// Git objects that no ref reaches.
        case gitObjects = "git-objects"
        /// Working files of git processes that are gone.
        case gitFiles = "git-files"
        /// Rows of what has expired: sessions, things staged, space set aside.
        case rows
    }

    /// A number of things and their bytes.
    package struct Amount: Sendable, Hashable {
        package var count = 0
        package var bytes: Int64 = 0

        package mutating func add(_ count: Int, bytes: Int64) {
            self.count += count
            self.bytes = self.bytes.addingClamped(max(0, bytes))
        }
    }

    /// What went, or would go.
    package private(set) var removed: [Class: Amount] = [:]
    /// What nothing names, and what is kept until its time has passed.
    package private(set) var waiting: [Class: Amount] = [:]
    /// Repositories whose loose objects or small packs were put together.
    package var consolidated = 0
    /// Repositories that were left alone: somebody was writing, or something in them is missing.
    package var skipped = 0
    /// What could not be done, in words for the operator.
    package var problems: [String] = []
    package var isDryRun = false

    package init() {}

    package mutating func remove(_ kind: Class, _ count: Int = 1, bytes: Int64) {
        guard count > 0 else { return }
        removed[kind, default: Amount()].add(count, bytes: bytes)
    }

    package mutating func wait(_ kind: Class, _ count: Int = 1, bytes: Int64) {
        guard count > 0 else { return }
        waiting[kind, default: Amount()].add(count, bytes: bytes)
    }

    /// Bytes of all that went.
    package var removedBytes: Int64 { removed.values.reduce(0) { $0.addingClamped($1.bytes) } }

    /// The report as JSON, classes of nothing left out.
    package var json: JSONValue {
        func amounts(_ amounts: [Class: Amount]) -> JSONValue {
            .object(
                Class.allCases.compactMap { kind in
                    amounts[kind].map { amount in
                        .init(
                            key: kind.rawValue,
                            value: .object([
                                .init(key: "count", value: .integer(Int64(amount.count))),
                                .init(key: "bytes", value: .integer(amount.bytes)),
                            ]))
                    }
                })
        }
        return .object([
            .init(key: "dryRun", value: .boolean(isDryRun)), .init(key: "removed", value: amounts(removed)),
            .init(key: "waiting", value: amounts(waiting)),
            .init(key: "consolidated", value: .integer(Int64(consolidated))),
            .init(key: "skipped", value: .integer(Int64(skipped))),
            .init(key: "problems", value: .array(problems.map { .string($0) })),
        ])
    }
}
