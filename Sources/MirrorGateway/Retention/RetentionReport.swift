package import HubCore

/// What is stored of mirrors, what of it may go, and what the last run removed.
package struct RetentionReport: Sendable {
    /// A number of blobs and their bytes.
    package struct Amount: Sendable, Hashable {
        package var count: Int64 = 0
        package var bytes: Int64 = 0

        mutating func add(_ bytes: Int64, count: Int64 = 1) {
            self.count += count
            let (sum, overflow) = self.bytes.addingReportingOverflow(max(0, bytes))
            self.bytes = overflow ? .max : sum
        }

        package var json: JSONValue {
            .object([.init(key: "count", value: .integer(count)), .init(key: "bytes", value: .integer(bytes))])
        }
    }

    /// Of one mirror. What several mirrors have is counted for each.
    package struct Mirror: Sendable {
        package let name: String
        package var stored = Amount()
        package var evictable = Amount()
        package var held: [RetentionHold: Amount] = [:]
        /// Bytes it may have; nil for any number.
        package var maximumBytes: Int64?

        fileprivate mutating func add(_ bytes: Int64, hold: RetentionHold?) {
            stored.add(bytes)
            if let hold { held[hold, default: .init()].add(bytes) } else { evictable.add(bytes) }
        }
    }

    private var byName: [String: Mirror] = [:]
    /// By name.
    package var mirrors: [Mirror] { byName.values.sorted { $0.name < $1.name } }
    /// Of everything that is linked, each blob once.
    package var held: [RetentionHold: Amount] = [:]
    package var evictable = Amount()
    /// Bytes of the disk.
    package var free: Int64 = 0
    package var total: Int64 = 0

    subscript(_ name: String) -> Mirror? {
        get { byName[name] }
        set { byName[name] = newValue }
    }

    /// Counts one blob.
    /// - Parameters:
    ///   - hold: why it stays; nil when it may go.
    ///   - names: the mirrors that have it.
    mutating func add(_ bytes: Int64, hold: RetentionHold?, of names: [String]) {
        if let hold { held[hold, default: .init()].add(bytes) } else { evictable.add(bytes) }
        for name in names { byName[name, default: Mirror(name: name)].add(bytes, hold: hold) }
    }

    /// What holds the space, in words for people, the largest part first.
    var holders: String {
        let words: [RetentionHold: String] = [
            .local: "in repositories of this hub", .uploaded: "uploaded", .onlyCopy: "only copies",
            .pinned: "pinned", .inUse: "in use", .young: "just fetched or used",
            .unlimited: "in mirrors without retention",
        ]
        let parts = held.filter { $0.value.bytes > 0 }.sorted { $0.value.bytes > $1.value.bytes }
        return parts.map { "\($0.value.bytes) bytes \(words[$0.key] ?? $0.key.rawValue)" }.joined(separator: ", ")
    }

    package static func json(_ held: [RetentionHold: Amount]) -> JSONValue {
        .object(
            RetentionHold.allCases.compactMap { hold in held[hold].map { .init(key: hold.rawValue, value: $0.json) } })
    }

    /// The report as JSON.
    /// - Parameter last: what the last run that removed something left to be known.
    package func json(last: JSONValue?) -> JSONValue {
        .object([
            .init(key: "free", value: .integer(free)), .init(key: "total", value: .integer(total)),
            .init(key: "evictable", value: evictable.json), .init(key: "held", value: Self.json(held)),
            .init(
                key: "mirrors",
                value: .array(
                    mirrors.map { mirror in
                        .object([
                            .init(key: "name", value: .string(mirror.name)),
                            .init(key: "stored", value: mirror.stored.json),
                            .init(key: "maximumBytes", value: mirror.maximumBytes.map { .integer($0) } ?? .null),
                            .init(key: "evictable", value: mirror.evictable.json),
                            .init(key: "held", value: Self.json(mirror.held)),
                        ])
                    })),
            .init(key: "lastRun", value: last ?? .null),
        ])
    }
}
