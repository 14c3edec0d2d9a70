import HubCore
import MirrorGateway
import Policies
import WebPages

/// What has to hold before a pull request is merged, looked up and nothing done for it.
struct PullRequestChecks: Sendable {
    let gateway: Gateway
    let discussions: Discussions
    let t: L10n

    /// - Parameter repository: opened to read its content.
    func checks(of discussion: Discussion, in repository: Repository, mayMerge: Bool) async throws
        -> [ThreadPage.Check]
    {
        guard let pull = discussion.pullRequest, discussion.status.isOpen else { return [] }
        let conflicts = try await discussions.conflicts(of: discussion, in: repository)
        var checks = [
            conflicts.isEmpty
                ? ThreadPage.Check(.ok, t.checkConflictsNone)
                : ThreadPage.Check(.bad, t.checkConflicts, conflicts)
        ]
        let level = try await gateway.repositories.protections(of: repository).level(of: pull.base)
        if level == .frozen {
            checks.append(ThreadPage.Check(.bad, t.checkFrozen, [pull.base.shortName]))
        }
        checks.append(
            mayMerge
                ? ThreadPage.Check(.ok, t.checkMayMerge) : ThreadPage.Check(.neutral, t.checkMayNotMerge))
        return try await checks + content(pull, in: repository)
    }

    /// What is to be said of what it brings.
    private func content(_ pull: PullRequest, in repository: Repository) async throws -> [ThreadPage.Check] {
        let head: Snapshot
        let base: Snapshot
        do {
            head = try await gateway.repositories.snapshot(of: repository, at: .ref(pull.ref))
            base = try await gateway.repositories.snapshot(of: repository, at: .ref(pull.base))
        } catch let error as HubError where error.status < 500 {
            return []
        }
        let changed = Set(try await gateway.repositories.changes(from: base, to: head).paths)
        var checks: [ThreadPage.Check] = []
        if changed.contains("README.md") { checks += try await card(from: base, to: head) }
        let entries = try await gateway.repositories.contents(of: head).files.filter { changed.contains($0.path) }
        guard !entries.isEmpty else { return checks }
        let states = try await ScanStates(gateway).states(of: entries, in: head)
        let found = states.filter { ($0.value.verdict ?? .clean) >= .suspicious }.keys.sorted()
        if !found.isEmpty {
            checks.append(ThreadPage.Check(.bad, t.checkScanFound, Array(found.prefix(20))))
        } else if states.contains(where: { $0.value.verdict == nil }) {
            checks.append(ThreadPage.Check(.neutral, t.checkScanPending))
        } else {
            checks.append(ThreadPage.Check(.ok, t.checkScanClean))
        }
        return checks
    }

    private func card(from base: Snapshot, to head: Snapshot) async throws -> [ThreadPage.Check] {
        let (old, new) = (try await readme(of: base), try await readme(of: head))
        let review = CardReview(readme: new, of: head.repository.id.kind)
        var checks = [
            review.issues.isEmpty
                ? ThreadPage.Check(.ok, t.checkCardFine)
                : ThreadPage.Check(
                    .bad, t.checkCardBroken,
                    review.issues.map { issue in
                        issue.line.map { "\(t.lineNumber($0)) · \(issue.message)" } ?? issue.message
                    })
        ]
        let (before, after) = (Card(readme: old).licenses, Card(readme: new).licenses)
        func name(_ licenses: [String]) -> String {
            licenses.isEmpty ? t.none : licenses.joined(separator: ", ")
        }
        checks.append(
            before == after
                ? ThreadPage.Check(.ok, t.checkLicenseSame)
                : ThreadPage.Check(.warn, t.checkLicense(name(before), name(after))))
        return checks
    }

    private func readme(of snapshot: Snapshot) async throws -> [UInt8] {
        do {
            let text = try await EditedText("README.md", in: snapshot, by: gateway.repositories).text
            return Array((text ?? "").utf8)
        } catch let error as HubError where error.code == .entryNotFound {
            return []
        }
    }
}
