package import HubCore
package import MirrorGateway
package import Policies

/// What scans found in files of a commit, looked up; nothing is scanned for it.
package struct ScanStates: Sendable {
    /// How one file stands.
    package struct State: Sendable {
        /// SHA-256 of an LFS object; nil for a file in git.
        var digest: BlobID?
        /// Nil while it waits to be scanned.
        package var verdict: ScanVerdict?
        /// The worst first.
        package var findings: [ScanFinding]
        /// What ClamAV says; nil when it did not look.
        var malware: ScanVerdict?
        /// Milliseconds since 1970; nil for files in git, which are scanned with their commit.
        var scannedAt: Int64?

        /// In Hugging Face's words; what could not be understood is not called safe.
        var status: String {
            switch verdict {
            case nil: "queued"
            case .clean: "safe"
            case .unknown: "caution"
            case .suspicious: "suspicious"
            case .dangerous: "unsafe"
            }
        }
    }

    let scanning: Scanning
    let revisions: RevisionScans

    package init(_ gateway: Gateway) {
        scanning = gateway.scanning
        revisions = gateway.revisionScans
    }

    /// How files stand, by path; folders are left out.
    package func states(of entries: some Collection<TreeEntry> & Sendable, in snapshot: Snapshot) async throws
        -> [String: State]
    {
        let found = try await revisions.known(snapshot.commit, of: snapshot.repository.key)
        let known = try await scanning.reports(of: Array(Set(entries.compactMap(\.lfs?.oid))))
        var states: [String: State] = [:]
        for entry in entries where entry.kind != .directory && entry.kind != .submodule {
            states[entry.path] = Self.state(of: entry, found, known)
        }
        return states
    }

    private static func state(
        of entry: TreeEntry, _ found: RevisionFindings?, _ known: [BlobID: BlobScans]
    ) -> State {
        let whole = found?.whole(about: entry.path) ?? []
        guard let pointer = entry.lfs else {
            guard let found else { return State(verdict: nil, findings: []) }
            let file = found.files[entry.path]
            let findings = ((file?.findings ?? []) + whole).worstFirst
            return State(
                verdict: max(file?.verdict ?? .clean, findings.worst), findings: findings,
                malware: found.malwareVersion.map { _ in findings.filter { $0.scanner == "malware" }.worst })
        }
        guard let scans = known[pointer.oid], let verdict = scans.verdict else {
            return State(digest: pointer.oid, verdict: nil, findings: whole)
        }
        let findings = (scans.findings(under: entry.path) + whole).worstFirst
        return State(
            digest: pointer.oid, verdict: max(verdict, findings.worst), findings: findings,
            malware: scans.malware?.verdict, scannedAt: scans.scannedAt)
    }
}

extension JSONWriter {
    /// A file's security as Hugging Face's clients read it.
    mutating func securityFileStatus(_ state: ScanStates.State) {
        object("securityFileStatus") { json in
            json.member("status", state.status)
            json.key("avScan")
            if let malware = state.malware {
                let names = state.findings.filter { $0.code == "malware.found" }.map(\.text)
                json.object { json in
                    json.member("virusFound", malware == .dangerous)
                    if names.isEmpty { json.key("virusNames"); json.null() } else { json.member("virusNames", names) }
                }
            } else {
                json.null()
            }
            json.key("pickleImportScan")
            let pickle = state.findings.filter { $0.scanner == "pickle" }
            if pickle.isEmpty {
                json.null()
            } else {
                json.object { json in
                    json.member("highestSafetyLevel", Self.safety(pickle.worst))
                    json.array("imports") { json in
                        for finding in pickle.prefix(50) {
                            json.object { json in
                                json.member("module", finding.place)
                                json.member("name", finding.text)
                                json.member("safety", Self.safety(finding.verdict))
                            }
                        }
                    }
                }
            }
        }
    }

    private static func safety(_ verdict: ScanVerdict) -> String {
        switch verdict {
        case .clean: "innocuous"
        case .unknown, .suspicious: "suspicious"
        case .dangerous: "dangerous"
        }
    }

    /// One finding, as our own interface tells it.
    mutating func value(_ finding: ScanFinding) {
        object { json in
            json.member("scanner", finding.scanner)
            json.member("verdict", finding.verdict.rawValue)
            json.member("code", finding.code)
            json.member("place", finding.place)
            json.member("text", finding.text)
        }
    }
}
