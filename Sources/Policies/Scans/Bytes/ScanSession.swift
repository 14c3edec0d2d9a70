/// One scan of one file: its bytes, what was found so far, and what is left of the work that may be put into it.
final class ScanSession {
    private var source: any ScanSource
    let size: Int64
    private(set) var findings: [ScanFinding] = []
    private var seen: Set<ScanFinding> = []
    /// Whether some bytes could not be had: then nothing can be called clean.
    private(set) var isUnreadable = false

    /// Opcodes and other small steps.
    private var steps = 60_000_000
    /// Files within the file.
    private var members = 200_000
    /// Bytes that are unpacked in all.
    private(set) var unpackable = maximumUnpacked
    /// Places at which a reading begins again.
    private var attempts = 100_000

    /// Bytes that were read, of which each is read a few times at most.
    private var taken: Int64 = 0

    /// Bytes that may be read in all: archives can list the same bytes any number of times.
    private var readable: Int64 {
        let (all, overflow) = (size + Self.maximumUnpacked - unpackable).multipliedReportingOverflow(by: 8)
        return overflow || all > Int64.max / 2 ? Int64.max : all + Self.maximumUnpacked
    }

    /// Archives within each other at most.
    static let maximumDepth = 6
    private static let maximumUnpacked: Int64 = 256 << 20
    /// Findings that are kept of each verdict.
    private static let maximumFindings = 100

    init(_ source: any ScanSource) {
        self.source = source
        size = max(0, source.size)
    }

    /// The source, as it is after all reading.
    var finalSource: any ScanSource { source }

    var whole: ScanRegion { ScanRegion(origin: .file, start: 0, count: size) }

    /// Bytes of a stretch; fewer only at its end, or where they cannot be had.
    func read(_ region: ScanRegion, at offset: Int64, count: Int) -> [UInt8] {
        guard offset >= 0, offset < region.count, count > 0 else { return [] }
        let wanted = Int(min(Int64(count), region.count - offset))
        taken += Int64(wanted)
        guard taken <= readable else {
            isUnreadable = true
            return []
        }
        switch region.origin {
        case .memory(let bytes):
            let from = region.start + offset
            guard from < Int64(bytes.count) else {
                isUnreadable = true
                return []
            }
            let start = Int(from)
            let end = min(bytes.count, start + wanted)
            return Array(bytes[start..<end])
        case .file:
            var bytes: [UInt8] = []
            do {
                // A source may give less at a time than was asked for.
                while bytes.count < wanted {
                    let part = try source.read(
                        at: region.start + offset + Int64(bytes.count), count: wanted - bytes.count)
                    guard !part.isEmpty else { break }
                    if bytes.isEmpty { bytes = part } else { bytes += part }
                }
            } catch {
                isUnreadable = true
            }
            if bytes.count > wanted { bytes.removeLast(bytes.count - wanted) }
            if bytes.count < wanted { isUnreadable = true }
            return bytes
        }
    }

    // MARK: - What is found

    func note(_ scanner: String, _ verdict: ScanVerdict, _ code: String, at place: String = "", _ text: String) {
        let finding = ScanFinding(
            scanner: scanner, verdict: verdict, code: code, place: place.shownOfFile(200), text: text.shownOfFile(400))
        guard findings.count(where: { $0.verdict == verdict }) < Self.maximumFindings else { return }
        if seen.insert(finding).inserted { findings.append(finding) }
    }

    /// What was found from a point on; it is taken back, for the asker to judge.
    func takeBack(from count: Int) -> [ScanFinding] {
        guard count < findings.count else { return [] }
        let taken = Array(findings[count...])
        findings.removeLast(findings.count - count)
        seen.subtract(taken)
        return taken
    }

    func note(_ finding: ScanFinding) {
        note(finding.scanner, finding.verdict, finding.code, at: finding.place, finding.text)
    }

    // MARK: - What may be done

    func step(_ count: Int = 1) throws(ScanStop) {
        steps -= count
        guard steps >= 0 else { throw .limit("takes more steps to read than are taken for one file") }
    }

    func member() throws(ScanStop) {
        members -= 1
        guard members >= 0 else { throw .limit("has more files in it than are looked at") }
    }

    func attempt() throws(ScanStop) {
        attempts -= 1
        guard attempts >= 0 else { throw .limit("has more parts than are looked at") }
    }

    func unpacked(_ bytes: Int64) { unpackable = max(0, unpackable - bytes) }
}

extension String {
    /// A name or text out of a file, fit for a message: printable, and not too long.
    func shownOfFile(_ limit: Int) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(limit) {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                shown.append("\u{FFFD}")
            default: shown.append(scalar)
            }
        }
        return String(shown)
    }
}
