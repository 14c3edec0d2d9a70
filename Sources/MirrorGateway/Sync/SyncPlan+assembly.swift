import HubCore

extension SyncPlan {
    /// Puts what becomes of repositories together: what two of them share is fetched once.
    /// - Parameters:
    ///   - limits: of an upstream of a mirror.
    ///   - now: seconds since 1970.
    init(
        _ entries: [Entry], policyDigest: String, now: Int64,
        limits: (_ mirror: String, _ upstream: String) -> EgressLimits
    ) {
        var seen: Set<BlobID> = []
        var loads: [Place: SyncEstimate.Load] = [:]
        var bytes: Int64 = 0
        var count = 0
        var deduplicated: [Entry] = []
        for entry in entries {
            var load = SyncEstimate.Load()
            var branches: [Branch] = []
            for branch in entry.branches {
                var files: [File] = []
                for file in branch.files {
                    var isHere = file.isHere
                    if file.verdict == .fetch, let digest = file.digest, !isHere {
                        isHere = !seen.insert(digest).inserted
                    }
                    files.append(
                        File(
                            path: file.path, size: file.size, digest: file.digest, verdict: file.verdict,
                            reason: file.reason, isHere: isHere))
                }
                load = load + Self.load(of: files)
                count += files.count { $0.verdict == .fetch && !$0.isHere }
                branches.append(Branch(revision: branch.revision, commit: branch.commit, files: files))
            }
            if entry.verdict == .fetch {
                load.apiRequests += 1
                load.contentRequests += 1
                loads[Place(mirror: entry.mirror, upstream: entry.upstream), default: SyncEstimate.Load()] =
                    loads[Place(mirror: entry.mirror, upstream: entry.upstream), default: SyncEstimate.Load()] + load
                bytes = bytes.addingReportingOverflow(load.bytes).overflow ? .max : bytes + load.bytes
            }
            deduplicated.append(entry.with(branches))
        }
        let seconds = loads.compactMap { place, load in
            SyncEstimate.seconds(for: load, under: limits(place.mirror, place.upstream), from: now)
        }
        self.init(
            entries: deduplicated, bytesToFetch: bytes, filesToFetch: count,
            requests: loads.values.reduce(0) { $0 + $1.apiRequests + $1.contentRequests },
            estimatedDuration: seconds.max().map { .seconds($0) }, policyDigest: policyDigest)
    }

    private struct Place: Hashable {
        let mirror: String
        let upstream: String
    }

    /// What a revision takes: git brings all that is no LFS object once anything of the revision is wanted.
    private static func load(of files: [File]) -> SyncEstimate.Load {
        guard files.contains(where: { $0.verdict == .fetch }) else { return SyncEstimate.Load() }
        var load = SyncEstimate.Load()
        var objects = 0
        var needsPack = false
        for file in files where !file.isHere {
            if file.digest == nil {
                needsPack = true
            } else if file.verdict == .fetch {
                objects += 1
            } else {
                continue
            }
            load.bytes =
                load.bytes.addingReportingOverflow(max(0, file.size)).overflow ? .max : load.bytes + max(0, file.size)
        }
        // A batch and a download for each object, and the pack.
        load.contentRequests = 2 * objects + (needsPack ? 1 : 0)
        return load
    }
}

extension SyncPlan.Entry {
    fileprivate func with(_ branches: [SyncPlan.Branch]) -> SyncPlan.Entry {
        SyncPlan.Entry(
            mirror: mirror, upstream: upstream, path: path, local: local, verdict: verdict, reason: reason,
            branches: branches, problem: problem)
    }
}
