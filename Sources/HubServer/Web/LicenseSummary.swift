import HubCore
import MirrorGateway
import Policies
import WebPages

/// What a page tells of a compliance report: entries go in one by one.
struct LicenseSummary: Sendable {
    /// Repositories that are looked at for a page; exports have no limit.
    static let limit = 2_000
    /// Lines of each list.
    private static let lines = 200

    private(set) var content = LicensesPage.Content()
    /// By canonical identifier.
    private var licenses: [String: (license: License, count: Int)] = [:]

    mutating func add(_ entry: ComplianceReport.Entry) {
        content.assets += 1
        if entry.decision?.outcome == .deny { content.refused += 1 }
        let id = entry.repository.id
        let address = GovernedAddress.repository(id)
        guard let conclusion = entry.finding?.conclusion else {
            note(.unknown)
            if content.unknown.count < Self.lines {
                content.unknown.append(.init(repository: id.description, address: address, paths: []))
            }
            return
        }
        for license in Set(conclusion.concluded.licenses.map(\.id)).sorted() {
            note(conclusion.concluded.licenses.first { $0.id == license } ?? .unknown)
        }
        for conflict in conclusion.conflicts where content.conflicts.count < Self.lines {
            content.conflicts.append(
                .init(
                    repository: id.description, address: address, kind: conflict.kind.rawValue, text: conflict.text,
                    path: conflict.path, verdict: entry.verdict))
        }
        let isSilent = conclusion.own.licenses.contains { $0.id == License.unknown.id }
        if isSilent || !conclusion.unknownAncestors.isEmpty, content.unknown.count < Self.lines {
            content.unknown.append(
                .init(
                    repository: id.description, address: address,
                    paths: Array(conclusion.unknownAncestors.prefix(5))))
        }
    }

    private mutating func note(_ license: License) {
        licenses[license.id, default: (license, 0)].count += 1
    }

    /// The whole, when the last entry is in.
    func finished(isTruncated: Bool) -> LicensesPage.Content {
        var content = content
        content.isTruncated = isTruncated
        content.licenses = licenses.values.sorted {
            $0.count != $1.count ? $0.count > $1.count : $0.license.id < $1.license.id
        }.prefix(Self.lines).map { license, count in
            LicensesPage.License(
                name: license.id, repositories: count,
                verdicts: LicensesPage.uses.map { Self.verdict(on: $0, license.flags) },
                flags: license.flags.sorted().map(\.rawValue))
        }
        return content
    }

    /// What a licence with these obligations lets be done: `yes`, `terms`, `no` or `unknown`. A reading for orientation.
    static func verdict(on use: String, _ flags: Set<LicenseFlag>) -> String {
        if flags.contains(.noInformation) { return "unknown" }
        let limits: Set<LicenseFlag> = [.useRestrictions, .acceptableUsePolicy, .userCap, .gatedAcceptance]
        switch use {
        case "internal": return flags.isDisjoint(with: limits) ? "yes" : "terms"
        case "commercial":
            if flags.contains(.nonCommercial) { return "no" }
            return flags.isDisjoint(with: limits.union([.networkCopyleft])) ? "yes" : "terms"
        default: return flags.isEmpty ? "yes" : "terms"
        }
    }
}
