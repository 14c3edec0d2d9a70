/// What becomes of each ref update of a push, as far as names, present refs and protections tell. Pure.
///
/// Each ref is judged by itself (S8): a refused one stops the others only when the client asked for all or none.
struct PushPlan: Sendable, Hashable {
    /// One ref update that was asked for.
    struct Item: Sendable, Hashable {
        var command: ReceivePackRequest.Command
        /// The name, where it is one.
        var ref: RefName?
        /// What an annotated tag finally points at.
        var peeled: CommitID?
        /// Why it is not done; nil as long as nothing speaks against it.
        var refusal: String?
        /// Whether it may only add to the branch's history.
        var mustAdvance = false

        /// The move to make; nil for a refused one.
        var update: RefUpdate? {
            guard refusal == nil, let ref else { return nil }
            return RefUpdate(ref, from: command.old, to: command.new, peeled: peeled)
        }
    }

    private(set) var items: [Item]
    private let isAtomic: Bool

    /// The longest name the database takes, in bytes.
    private static let longestName = 255
    /// Below these the hub itself writes.
    private static let ownPrefixes = ["refs/hub/", "refs/pr/"]

    /// Whether clients of git may write to a ref, and are offered it when they push.
    static func isOffered(_ ref: RefName) -> Bool { !ownPrefixes.contains { ref.name.hasPrefix($0) } }

    init(
        _ request: ReceivePackRequest, refs: [Ref], defaultBranch: String, protections: BranchProtections
    ) {
        isAtomic = request.isAtomic
        items = request.commands.map { Item(command: $0, ref: RefName($0.name)) }
        let present = Dictionary(refs.map { ($0.name, $0.target) }, uniquingKeysWith: { first, _ in first })
        var counts: [String: Int] = [:]
        for command in request.commands { counts[command.name, default: 0] += 1 }
        for index in items.indices {
            let isTwice = counts[items[index].command.name, default: 0] > 1
            items[index].refusal =
                isTwice
                ? "named twice in one push"
                : Self.refusal(of: items[index], present: present, defaultBranch: defaultBranch)
            judge(index, protections)
        }
        refuseConflicts(Set(present.keys))
        settle()
    }

    /// Indices of updates that bring a ref to an object and that nothing speaks against.
    var arrivals: [Int] { items.indices.filter { items[$0].refusal == nil && items[$0].command.new != nil } }
    /// The moves to make.
    var updates: [RefUpdate] { items.compactMap(\.update) }

    /// Refuses an update, and with it all when the client wants all or none.
    mutating func refuse(_ index: Int, _ reason: String) {
        items[index].refusal = items[index].refusal ?? reason
        settle()
    }

    mutating func set(peeled: CommitID?, of index: Int) { items[index].peeled = peeled }

    /// Refuses what others were faster to move.
    /// - Returns: whether there was any.
    mutating func refuseMoved(_ refs: [Ref]) -> Bool {
        let present = Dictionary(refs.map { ($0.name, $0.target) }, uniquingKeysWith: { first, _ in first })
        var moved = false
        for index in items.indices where items[index].refusal == nil {
            guard let ref = items[index].ref,
                let reason = Self.mismatch(items[index].command, present: present[ref])
            else { continue }
            items[index].refusal = reason
            moved = true
        }
        settle()
        return moved
    }

    private mutating func settle() {
        guard isAtomic, items.contains(where: { $0.refusal != nil }) else { return }
        for index in items.indices where items[index].refusal == nil { items[index].refusal = "atomic push failed" }
    }

    private mutating func judge(_ index: Int, _ protections: BranchProtections) {
        guard let ref = items[index].ref, items[index].refusal == nil, let level = protections.level(of: ref) else {
            return
        }
        let command = items[index].command
        switch level {
        case .frozen: items[index].refusal = "protected branch: nothing may be pushed to it"
        case .history where command.new == nil: items[index].refusal = "protected branch: it may not be deleted"
        case .history: items[index].mustAdvance = command.old != nil
        }
    }

    private static func refusal(of item: Item, present: [RefName: ObjectID], defaultBranch: String) -> String? {
        guard let ref = item.ref, ref.name.utf8.count <= longestName, ref.name.split(separator: "/").count >= 3 else {
            return "not a valid ref name"
        }
        guard isOffered(ref) else {
            return "only the hub itself writes below \(ref.name.prefix { $0 != "/" })/\(area(ref))"
        }
        guard item.command.old != nil || item.command.new != nil else { return "neither an old nor a new object" }
        if let reason = mismatch(item.command, present: present[ref]) { return reason }
        if item.command.new == nil, ref == RefName.branch(defaultBranch) {
            return "the default branch cannot be deleted"
        }
        return nil
    }

    private static func area(_ ref: RefName) -> Substring {
        ref.name.split(separator: "/").dropFirst().first ?? ""
    }

    private static func mismatch(_ command: ReceivePackRequest.Command, present: ObjectID?) -> String? {
        guard command.old != present else { return nil }
        if command.old == nil { return "it exists already, fetch first" }
        if present == nil { return "it does not exist any more" }
        return "fetch first: somebody else moved it meanwhile"
    }

    /// `refs/heads/a` and `refs/heads/a/b` cannot both be: clients keep refs as files and folders.
    private mutating func refuseConflicts(_ present: Set<RefName>) {
        var names = Set(present.map(\.name))
        for item in items where item.refusal == nil && item.command.new == nil { names.remove(item.command.name) }
        var folders: Set<String> = []
        for name in names { folders.formUnion(Self.folders(of: name)) }
        for index in items.indices where items[index].refusal == nil && items[index].command.new != nil {
            let name = items[index].command.name
            if names.contains(name) { continue }
            let above = Self.folders(of: name)
            if let taken = above.first(where: names.contains) {
                items[index].refusal = "'\(taken)' exists, so nothing can be below it"
            } else if folders.contains(name) {
                items[index].refusal = "there are refs below '\(name)/', so it cannot be one"
            } else {
                names.insert(name)
                folders.formUnion(above)
            }
        }
    }

    private static func folders(of name: String) -> [String] {
        let parts = name.split(separator: "/")
        return parts.indices.dropFirst().map { parts[..<$0].joined(separator: "/") }
    }
}
