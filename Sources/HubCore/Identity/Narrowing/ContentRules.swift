/// What grants on some paths and refs of a repository leave of its content to one principal. Pure.
///
/// Whatever one of these denies stays denied, whatever else gives it (deny wins); what one allows adds to what the
/// principal may write, and to nothing else.
package struct ContentRules: Sendable, Hashable {
    /// Grants that keep paths from being read, and such that keep paths or refs from being changed.
    private let unreadable: [AccessGrant]
    private let unwritable: [AccessGrant]
    /// Grants that keep refs from being forced or deleted.
    private let unforced: [AccessGrant]
    /// What may be written; nil for all that nothing keeps back.
    private let openings: [AccessGrant]?

    /// Nothing is said about parts.
    package static let none = ContentRules(denials: [], openings: nil)

    init(denials: [AccessGrant], openings: [AccessGrant]?) {
        unreadable = denials.filter { $0.part?.paths != nil && $0.role.denies(.contentRead) }
        unwritable = denials.filter { $0.role.denies(.contentWrite) }
        unforced = denials.filter { $0.part?.paths == nil && $0.role == .standard(.maintainer) }
        self.openings = openings
    }

    /// Whether some paths may not be read.
    package var limitsReading: Bool { !unreadable.isEmpty }
    /// Whether some paths or refs may not be changed in every way.
    package var limitsWriting: Bool { openings != nil || !unwritable.isEmpty || !unforced.isEmpty }

    /// Whether a verb is the principal's for a part only.
    func limits(_ verb: Verb) -> Bool {
        switch verb {
        case .contentRead: limitsReading
        case .contentWrite: limitsWriting
        default: false
        }
    }

    /// The grant that keeps a path, or a folder with all in it, from being read.
    package func denialOfReading(_ path: String) -> AccessGrant? {
        guard limitsReading else { return nil }
        let names = Self.names(path)
        return unreadable.first { $0.covers(names) }
    }

    /// What may be done with a ref.
    func writing(to ref: RefName) -> RefWriting {
        func concerns(_ grant: AccessGrant) -> Bool { grant.part?.refs?.covers(ref) ?? true }
        let denials = unwritable.filter(concerns)
        let given = openings?.filter(concerns)
        let whole = given?.filter { $0.part?.paths == nil }
        return RefWriting(
            wholeDenial: denials.first { $0.part?.paths == nil },
            pathDenials: denials.filter { $0.part?.paths != nil },
            forceDenial: unforced.first(where: concerns),
            openings: whole?.isEmpty == false ? nil : given,
            mayForce: whole?.contains { $0.role == .standard(.maintainer) } ?? true)
    }

    static func names(_ path: String) -> [[UInt8]] { path.utf8.split(separator: UInt8(ascii: "/")).map { Array($0) } }
}

/// What one principal may do with one ref.
struct RefWriting: Sendable {
    /// The grant that forbids every change.
    let wholeDenial: AccessGrant?
    /// Grants that forbid changes of some paths.
    let pathDenials: [AccessGrant]
    /// The grant that forbids forcing and deleting it.
    let forceDenial: AccessGrant?
    /// The only paths that may be changed; nil for all.
    let openings: [AccessGrant]?
    /// Whether a right to force it was given.
    let mayForce: Bool

    /// Whether some paths may be changed and others not.
    var dependsOnPaths: Bool { !pathDenials.isEmpty || openings != nil }
    /// Whether the ref may be moved to another history or removed: who was given some paths only adds to it.
    var isForceable: Bool { forceDenial == nil && mayForce && openings == nil }

    /// Why nothing at all may be written.
    var refusal: ContentRefusal? {
        if let wholeDenial { return ContentRefusal(grant: wholeDenial.id) }
        return openings?.isEmpty == true ? ContentRefusal(grant: nil) : nil
    }

    /// Why a path may not be changed, given as its names; nil when it may.
    func refusal(of names: [[UInt8]]) -> ContentRefusal? {
        if let denial = pathDenials.first(where: { $0.covers(names) }) { return ContentRefusal(grant: denial.id) }
        guard let openings, !openings.contains(where: { $0.covers(names) }) else { return nil }
        return ContentRefusal(grant: nil)
    }
}

/// What speaks against a change.
struct ContentRefusal: Sendable, Hashable {
    /// The grant that denies it; nil where none allows it.
    let grant: Int64?

    /// As it follows a colon.
    var text: String {
        grant.map { "the grant \(String($0, radix: 16)) denies it" } ?? "no grant allows it"
    }

    /// The whole of it, for people.
    /// - Parameter path: nil for all paths.
    func sentence(about path: String?, on ref: RefName) -> String {
        "You may not change \(path.map { "'\($0)' on \(ref.shortName)" } ?? "'\(ref.name)'"): \(text)."
    }
}

extension AccessGrant {
    fileprivate func covers(_ names: [[UInt8]]) -> Bool { part?.paths?.covers(names) ?? true }
}
