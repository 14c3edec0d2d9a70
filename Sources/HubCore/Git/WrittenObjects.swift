/// Loose objects that were written and are not durable yet, with their bytes as long as these are few enough for the
/// journal.
struct WrittenObjects: Sendable {
    /// Above these, syncing the files costs no more than writing their bytes twice.
    private static let journalObjects = 64
    private static let journalBytes = 64 << 10

    private(set) var ids: Set<ObjectID> = []
    private var kept: [ObjectID: JournaledObject] = [:]
    private var keptBytes = 0
    private var isTooMuch = false

    var isEmpty: Bool { ids.isEmpty }

    /// All of them; nil when they are too much for the journal.
    var forJournal: [ObjectID: JournaledObject]? { isTooMuch ? nil : kept }

    mutating func insert(_ id: ObjectID, _ object: JournaledObject) {
        ids.insert(id)
        guard !isTooMuch, kept.updateValue(object, forKey: id) == nil else { return }
        keptBytes += object.bytes.count
        guard kept.count > Self.journalObjects || keptBytes > Self.journalBytes else { return }
        isTooMuch = true
        kept = [:]
    }

    mutating func formUnion(_ others: WrittenObjects) {
        for (id, object) in others.kept { insert(id, object) }
        guard others.isTooMuch else { return }
        ids.formUnion(others.ids)
        isTooMuch = true
        kept = [:]
    }

    /// Takes objects that are safe off the list.
    mutating func subtract(_ safe: some Sequence<ObjectID>) {
        for id in safe {
            ids.remove(id)
            if let object = kept.removeValue(forKey: id) { keptBytes -= object.bytes.count }
        }
        if ids.isEmpty { self = WrittenObjects() }
    }
}
