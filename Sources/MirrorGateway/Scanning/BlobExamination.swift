import Crypto
import HubCore
import Policies

/// One look at the bytes of one blob: are they those of its name, does ClamAV know them, what are they. It blocks.
struct BlobExamination {
    /// What came of it.
    struct Outcome: Sendable {
        var records: [ScanRecord]
        /// Why ClamAV could not be asked, for now.
        var malwareFailure: String?
    }

    /// The bytes are not those of the name: nothing that is found in them is about the blob.
    struct Mismatch: Error {
        let digest: BlobID
    }

    let digest: BlobID
    let clamd: ClamdClient?
    let clock: WallClock
    /// Whether the file is known to hold the bytes of its name as it is now, without reading them. Asked before and after:
    /// what changes between is hashed.
    var isVerified: @Sendable () -> Bool = { false }

    /// Bytes read at once.
    private static let window = 1 << 20

    func run(_ file: OpenFile, stop: ScanStopSign) throws -> Outcome {
        let start = clock.now()
        var source = StoredSource(file: file, stop: stop)
        var outcome = Outcome(records: [])
        let isBelieved = isVerified()
        let answer = try read(source, checking: !isBelieved, &outcome)
        let middle = clock.now()
        if let answer { outcome.records.append(try Self.record(answer, digest, source.size, middle - start, middle)) }
        let report = FileScanner().scan(name: "", source: &source)
        try stop.check()
        // Somebody touched it meanwhile: then it may have been touched before as well.
        if isBelieved, !isVerified() { try hash(source) { _ in } }
        outcome.records.append(try Self.record(report, digest, source.size, clock.now() - middle, clock.now()))
        return outcome
    }

    /// The same of bytes in memory.
    func run(_ bytes: [UInt8]) throws -> Outcome {
        let start = clock.now()
        var outcome = Outcome(records: [])
        if let clamd {
            do {
                let version = try clamd.version()
                let answer = (try clamd.scan(bytes), version)
                outcome.records.append(
                    try Self.record(answer, digest, Int64(bytes.count), clock.now() - start, clock.now()))
            } catch let error where !(error is CancellationError) {
                outcome.malwareFailure = Self.told(error)
            }
        }
        let middle = clock.now()
        var source = BytesSource(bytes: bytes)
        let report = FileScanner().scan(name: "", source: &source)
        outcome.records.append(
            try Self.record(report, digest, Int64(bytes.count), clock.now() - middle, clock.now()))
        return outcome
    }

    /// Reads all of it at most once: for the digest, where it is to be checked, and for ClamAV beside it.
    private func read(_ source: StoredSource, checking: Bool, _ outcome: inout Outcome) throws -> (
        ClamdClient.Answer, String
    )? {
        var (stream, version): (ClamdStream?, String) = (nil, "")
        if let clamd {
            do {
                version = try clamd.version()
                stream = try clamd.begin(size: source.size)
            } catch let error where !(error is CancellationError) {
                outcome.malwareFailure = Self.told(error)
            }
        }
        func send(_ bytes: [UInt8]) throws {
            guard let open = stream, open.isOpen else { return }
            do {
                try open.send(bytes)
            } catch let error where !(error is CancellationError) {
                outcome.malwareFailure = Self.told(error)
                stream = nil
            }
        }
        if checking {
            try hash(source, send)
        } else if stream != nil {
            try each(of: source, send)
        }
        guard let stream else { return nil }
        do {
            return (try stream.finish(), version)
        } catch let error where !(error is CancellationError) {
            outcome.malwareFailure = Self.told(error)
            return nil
        }
    }

    /// - Throws: `Mismatch` when the bytes are not those of the name.
    private func hash(_ source: StoredSource, _ use: ([UInt8]) throws -> Void) throws {
        var hash = SHA256()
        try each(of: source) { bytes in
            bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
            try use(bytes)
        }
        guard BlobID(digest: hash.finalize()) == digest else { throw Mismatch(digest: digest) }
    }

    private func each(of source: StoredSource, _ use: ([UInt8]) throws -> Void) throws {
        var offset: Int64 = 0
        while offset < source.size {
            let bytes = try source.read(at: offset, count: Self.window)
            guard !bytes.isEmpty else { return }
            try use(bytes)
            offset += Int64(bytes.count)
        }
    }

    private static func told(_ error: any Error) -> String {
        (error as? HubError)?.line ?? (error as? ClamdSocket.Closed)?.error.line ?? "\(error)"
    }

    static func record(_ report: ScanReport, _ digest: BlobID, _ size: Int64, _ took: Int64, _ now: Int64) throws
        -> ScanRecord
    {
        ScanRecord(
            digest: digest, scanner: .weir, version: String(report.version), size: size, format: report.format,
            verdict: report.verdict.rawValue, findings: try ScanFindingsText.encode(report.findings), scannedAt: now,
            milliseconds: max(0, took))
    }

    private static func record(
        _ answer: (ClamdClient.Answer, String), _ digest: BlobID, _ size: Int64, _ took: Int64, _ now: Int64
    ) throws -> ScanRecord {
        var findings: [ScanFinding] = []
        switch answer.0 {
        case .clean: break
        case .found(let name):
            findings = [
                ScanFinding(
                    scanner: "malware", verdict: .dangerous, code: "malware.found", place: "",
                    text: "is known to ClamAV as \(name)")
            ]
        case .tooLong:
            findings = [
                ScanFinding(
                    scanner: "malware", verdict: .unknown, code: "malware.too-long", place: "",
                    text: "is longer than the virus scanner takes")
            ]
        }
        return ScanRecord(
            digest: digest, scanner: .clamav, version: answer.1, size: size, format: "",
            verdict: findings.worst.rawValue, findings: try ScanFindingsText.encode(findings), scannedAt: now,
            milliseconds: max(0, took))
    }
}
