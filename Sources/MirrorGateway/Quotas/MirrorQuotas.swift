package import HubCore
package import Policies
import Synchronization

/// What users and organisations use of mirrors, held to the quotas of the policy files.
///
/// A request counts for the user who sends it and for every organisation he is a member of. Bytes are those of answers
/// that give content, whether it was stored or fetched for them.
package final class MirrorQuotas: Sendable {
    private struct Entry {
        var allowance: DailyAllowance
        var window: SlidingWindow?
        /// Bytes and requests by day that no database knows of yet.
        var unsaved: [Int64: (bytes: Int64, requests: Int64)] = [:]
    }

    private let policies: PolicyEngine
    private let organisations: @Sendable (Int64) async throws -> [String]
    private let metrics: MetricRegistry
    private let time: EgressTime
    let shelf: StorageShelf
    private let entries = Mutex<[QuotaKey: Entry]>([:])
    private let memberships = Mutex<[Int64: (names: [String], until: Duration)]>([:])

    /// How long a membership is believed: a client asks many times a second.
    private static let membershipLifetime = Duration.seconds(5)
    private static let rememberedMembers = 10_000
    private static let minute = Duration.seconds(60)

    /// - Parameter organisations: the organisations that an account is a member of, in lower case.
    init(
        policies: PolicyEngine, shares: StoredShareStore, metrics: MetricRegistry, time: EgressTime = .live,
        organisations: @escaping @Sendable (Int64) async throws -> [String]
    ) {
        self.policies = policies
        self.metrics = metrics
        self.time = time
        self.organisations = organisations
        shelf = StorageShelf(store: shares)
        metrics.describe(
            "hub_quota_refusals_total", .counter, help: "Requests refused because a quota of a mirror was used up.")
    }

    // MARK: Requests

    /// Counts a client's request that opened a mirrored repository.
    /// - Throws: `.tooManyRequests`.
    func admit(_ repository: Repository) async throws {
        guard let tally = QuotaTally.current, case .mirror(let origin) = repository.origin,
            let mirror = policies.current.mirrors.first(where: { $0.name == origin.mirror })
        else { return }
        let shares = try await shares(of: repository.principal, in: mirror.document)
        guard !shares.isEmpty else { return }
        if tally.isFirst(at: mirror.name) { try count(shares) }
        let limited = shares.filter { $0.terms.bytesPerDay != nil }
        guard repository.verb == .contentRead, !limited.isEmpty else { return }
        try require(1, limited)
        tally.begin { QuotaUse(self, limited) }
    }

    private func count(_ shares: [QuotaShare]) throws(HubError) {
        let now = time.now()
        let day = day
        let refused = entries.withLock { entries -> (share: QuotaShare, wait: Duration)? in
            var refused: (share: QuotaShare, wait: Duration)?
            for share in shares {
                guard let limit = share.terms.requestsPerMinute else { continue }
                var entry = entries[share.key] ?? Entry(allowance: DailyAllowance(day: day))
                var window = entry.window ?? SlidingWindow(limit: limit, length: Self.minute)
                window.change(limit: limit)
                let wait = limit > 0 ? window.wait(at: now) : Self.minute
                entry.window = window
                entries[share.key] = entry
                if let wait, wait > refused?.wait ?? .zero { refused = (share, wait) }
            }
            guard refused == nil else { return refused }
            for share in shares {
                if share.terms.requestsPerMinute != nil { entries[share.key]?.window?.count(at: now) }
                entries[share.key, default: Entry(allowance: DailyAllowance(day: day))]
                    .unsaved[day, default: (0, 0)].requests += 1
            }
            return nil
        }
        guard let refused else { return }
        throw refuse(
            refused.share,
            "has made the \(refused.share.terms.requestsPerMinute ?? 0) requests that a minute may bring",
            remedy: "Try again in a moment, \(refused.share.key.subject.remedy).", after: refused.wait)
    }

    // MARK: Bytes

    /// Sets bytes aside for all of these, or for none.
    func promise(_ bytes: Int64, _ shares: [QuotaShare]) throws(HubError) {
        let day = day
        let full = entries.withLock { entries -> QuotaShare? in
            if let full = Self.firstFull(bytes, shares, day, &entries) { return full }
            for share in shares {
                _ = entries[share.key]?.allowance.promise(bytes, of: share.terms.bytesPerDay, on: day)
            }
            return nil
        }
        if let full { throw spent(full, bytes) }
    }

    /// Looks whether bytes would fit, and sets nothing aside.
    func require(_ bytes: Int64, _ shares: [QuotaShare]) throws(HubError) {
        let day = day
        if let full = entries.withLock({ Self.firstFull(bytes, shares, day, &$0) }) { throw spent(full, bytes) }
    }

    private static func firstFull(
        _ bytes: Int64, _ shares: [QuotaShare], _ day: Int64, _ entries: inout [QuotaKey: Entry]
    ) -> QuotaShare? {
        for share in shares {
            guard let limit = share.terms.bytesPerDay else { continue }
            var entry = entries[share.key] ?? Entry(allowance: DailyAllowance(day: day))
            let left = entry.allowance.left(of: limit, on: day)
            entries[share.key] = entry
            if left < bytes { return share }
        }
        return nil
    }

    func release(_ bytes: Int64, _ shares: [QuotaShare]) {
        guard bytes > 0 else { return }
        entries.withLock { entries in
            for share in shares { entries[share.key]?.allowance.release(bytes) }
        }
    }

    func book(_ bytes: Int64, ofPromise promised: Int64, _ shares: [QuotaShare]) {
        guard bytes > 0 else { return }
        let day = day
        entries.withLock { entries in
            for share in shares {
                var entry = entries[share.key] ?? Entry(allowance: DailyAllowance(day: day))
                entry.allowance.receive(bytes, ofPromise: promised, on: day)
                entry.unsaved[day, default: (0, 0)].bytes += bytes
                entries[share.key] = entry
            }
        }
    }

    // MARK: Stored bytes

    /// Sets room aside for a file that is about to be fetched.
    /// - Parameter isUnderway: whether a file is being fetched.
    /// - Throws: `.quotaExceeded`.
    func makeRoom(
        for pointer: LFSPointer, of repository: Repository, isUnderway: @Sendable (BlobID) async -> Bool
    ) async throws {
        guard case .mirror(let origin) = repository.origin,
            let mirror = policies.current.mirrors.first(where: { $0.name == origin.mirror }),
            mirror.document.quotas.contains(where: { $0.storedBytes != nil })
        else { return }
        let shares = try await shares(of: repository.principal, in: mirror.document)
            .filter { $0.terms.storedBytes != nil }
        guard !shares.isEmpty else { return }
        if let full = try await shelf.take(pointer, for: shares, isUnderway: isUnderway) {
            noteRefusal(full)
            throw HubError(
                .quotaExceeded,
                "\(full.key.subject) may have \(ByteCount(full.terms.storedBytes ?? 0)) of the mirror "
                    + "'\(mirror.name)' stored; the file's \(ByteCount(pointer.size)) do not fit.",
                remedy: "Ask the operator to raise storedBytes, or to evict what is not needed.")
        }
    }

    // MARK: Who

    private func shares(of principal: Principal, in mirror: Mirror) async throws -> [QuotaShare] {
        guard !mirror.quotas.isEmpty else { return [] }
        var subjects: [(QuotaSubject, String?)] = []
        switch principal.consumer {
        case .none: return []
        case .network(let network): subjects.append((.withoutAccount(from: network), nil))
        case .account(let id, let name):
            subjects.append((QuotaSubject(.user, name), name))
            if mirror.quotas.concernOrganisations {
                subjects += try await organisations(of: id).map { (QuotaSubject(.org, $0), $0) }
            }
        }
        return subjects.compactMap { subject, name in
            let terms = mirror.quotas.terms(of: subject.kind, named: name)
            return terms.isEmpty ? nil : QuotaShare(key: QuotaKey(mirror: mirror.name, subject: subject), terms: terms)
        }
    }

    private func organisations(of id: Int64) async throws -> [String] {
        let now = time.now()
        if let known = memberships.withLock({ $0[id] }), now < known.until { return known.names }
        let names = try await organisations(id)
        memberships.withLock { memberships in
            if memberships.count >= Self.rememberedMembers { memberships = [:] }
            memberships[id] = (names, now + Self.membershipLifetime)
        }
        return names
    }

    // MARK: Over restarts

    /// Takes in what was used today before this process began.
    func restore(_ uses: [UsedAllowance]) {
        entries.withLock { entries in
            for use in uses {
                guard let key = QuotaKey(stored: use.subject) else { continue }
                var entry = entries[key] ?? Entry(allowance: DailyAllowance(day: use.day))
                entry.allowance.receive(use.bytes, ofPromise: 0, on: use.day)
                entries[key] = entry
            }
        }
    }

    /// What was used since this was last called. Forgets who has used nothing today.
    func takeUnsaved() -> [UsedAllowance] {
        let now = time.now()
        let today = day
        return entries.withLock { entries in
            var taken: [UsedAllowance] = []
            for (key, var entry) in entries {
                for (day, use) in entry.unsaved {
                    taken.append(
                        UsedAllowance(subject: key.stored, day: day, bytes: use.bytes, requests: use.requests))
                }
                entry.unsaved = [:]
                let isQuiet = entry.window?.isEmpty(at: now) ?? true
                entries[key] = entry.allowance.isIdle(on: today) && isQuiet ? nil : entry
            }
            return taken
        }
    }

    // MARK: For people to look at

    /// What somebody uses of the mirrors' quotas, and his organisations do; for whoever may see all, everybody who used
    /// something today.
    package func standings(for principal: Principal, all: Bool) async throws -> [QuotaStanding] {
        var standings: [QuotaStanding] = []
        for mirror in policies.current.mirrors where !mirror.document.quotas.isEmpty {
            var shares = try await shares(of: principal, in: mirror.document)
            if all { shares = everybody(in: mirror.document, besides: shares) }
            for share in shares { standings.append(try await standing(of: share)) }
        }
        return standings
    }

    /// Subjects that are shown at most for one mirror.
    private static let shownSubjects = 500

    private func everybody(in mirror: Mirror, besides own: [QuotaShare]) -> [QuotaShare] {
        var subjects = Set(own.map(\.key.subject))
        for quota in mirror.quotas where !quota.subject.hasSuffix(":*") {
            let parts = quota.subject.lowercased().split(separator: ":", maxSplits: 1).map(String.init)
            if parts.count == 2, let kind = QuotaSubjectKind(rawValue: parts[0]) {
                subjects.insert(QuotaSubject(kind, parts[1]))
            }
        }
        subjects.formUnion(entries.withLock { $0.keys.filter { $0.mirror == mirror.name }.map(\.subject) })
        return subjects.sorted { $0.description < $1.description }.prefix(Self.shownSubjects).compactMap { subject in
            let name = subject.name.contains("@") ? nil : subject.name
            let terms = mirror.quotas.terms(of: subject.kind, named: name)
            return terms.isEmpty ? nil : QuotaShare(key: QuotaKey(mirror: mirror.name, subject: subject), terms: terms)
        }
    }

    private func standing(of share: QuotaShare) async throws -> QuotaStanding {
        let now = time.now()
        let day = day
        let (used, left, requests) = entries.withLock { entries in
            guard var entry = entries[share.key] else { return (Int64(0), share.terms.bytesPerDay, 0) }
            let used = entry.allowance.used(on: day)
            let left = share.terms.bytesPerDay.map { entry.allowance.left(of: $0, on: day) }
            let requests = entry.window.map { window in
                var window = window
                return window.limit - window.left(at: now)
            }
            return (used, left, requests ?? 0)
        }
        var standing = QuotaStanding(mirror: share.key.mirror, subject: share.key.subject, terms: share.terms)
        standing.bytesToday = used
        standing.bytesLeftToday = left
        standing.resetsIn = Int(secondsUntilMidnight)
        standing.requestsThisMinute = requests
        if share.terms.storedBytes != nil {
            standing.storedBytes = try await shelf.store.bytes(
                of: share.key.subject.description, in: share.key.mirror)
        }
        return standing
    }

    // MARK: Refusals

    private var day: Int64 { Int64(time.unixSeconds()) / 86_400 }
    private var secondsUntilMidnight: Int64 { 86_400 - Int64(time.unixSeconds()) % 86_400 }

    private func spent(_ share: QuotaShare, _ bytes: Int64) -> HubError {
        let limit = ByteCount(share.terms.bytesPerDay ?? 0)
        return refuse(
            share,
            bytes > 1
                ? "may have \(limit) a day, of which too little is left for these \(ByteCount(bytes))"
                : "has had the \(limit) that a day may bring",
            remedy: "Try again after midnight UTC, in \(secondsUntilMidnight / 3600) h "
                + "\(secondsUntilMidnight % 3600 / 60) min, \(share.key.subject.remedy).",
            after: .seconds(secondsUntilMidnight))
    }

    private func refuse(_ share: QuotaShare, _ what: String, remedy: String, after wait: Duration) -> HubError {
        noteRefusal(share)
        return HubError(
            .tooManyRequests, "\(share.key.subject.title) \(what) of the mirror '\(share.key.mirror)'.", remedy: remedy,
            retryAfter: max(1, (wait.wholeMilliseconds + 999) / 1000))
    }

    private func noteRefusal(_ share: QuotaShare) {
        metrics.counter(
            "hub_quota_refusals_total",
            labels: ["mirror": share.key.mirror, "subject_kind": share.key.subject.kind.rawValue], by: 1)
    }
}

/// What one subject uses of one mirror's quotas.
package struct QuotaStanding: Sendable {
    package let mirror: String
    package let subject: QuotaSubject
    package let terms: QuotaTerms
    package var bytesToday: Int64 = 0
    package var bytesLeftToday: Int64?
    /// Seconds until a new day begins.
    package var resetsIn = 0
    package var requestsThisMinute = 0
    package var storedBytes: Int64 = 0
}
