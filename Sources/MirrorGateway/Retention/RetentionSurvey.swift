import HubCore
import Policies

/// Everything that is stored, judged by the policy and the pins of one moment.
struct RetentionSurvey: Sendable {
    let candidates: [EvictionPlan.Candidate]
    let rules: [String: RetentionRules]
    let judge: RetentionJudge
    let pins: PinnedContent.Version
    let disk: (free: Int64, total: Int64)
    let now: Int64

    func plan(shortage: Int64) -> EvictionPlan {
        EvictionPlan(candidates, rules: rules, disk: disk, shortage: shortage, now: now)
    }

    /// - Parameter names: the mirrors to tell of, with nothing stored too.
    func report(of names: [String]) -> RetentionReport {
        var report = RetentionReport()
        report.free = disk.free
        report.total = disk.total
        var mirrors: [String: RetentionReport.Mirror] = [:]
        for name in names {
            mirrors[name] = RetentionReport.Mirror(name: name, maximumBytes: rules[name]?.maximumBytes)
        }
        for candidate in candidates {
            let bytes = candidate.blob.bytes
            if let hold = candidate.hold {
                report.held[hold, default: .init()].add(bytes)
            } else {
                report.evictable.add(bytes)
            }
            for name in candidate.mirrors {
                var mirror = mirrors[name] ?? RetentionReport.Mirror(name: name)
                mirror.stored.add(bytes)
                if let hold = candidate.hold {
                    mirror.held[hold, default: .init()].add(bytes)
                } else {
                    mirror.evictable.add(bytes)
                }
                mirrors[name] = mirror
            }
        }
        report.mirrors = mirrors.values.sorted { $0.name < $1.name }
        return report
    }
}

extension RetentionRules {
    /// What a policy file says, for a disk of so many bytes.
    init(_ settings: RetentionSettings, total: Int64) {
        let free: Int64? =
            switch settings.minimumFree {
            case nil: nil
            case .bytes(let bytes): bytes
            case .percent(let percent): total / 100 * Int64(percent)
            }
        self.init(
            maximumBytes: settings.maximumBytes, maximumAge: settings.maximumAge?.milliseconds, minimumFree: free,
            order: settings.evict == .lru ? .lru : .lruSize)
    }
}
