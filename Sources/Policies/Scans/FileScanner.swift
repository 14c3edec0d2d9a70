/// Looks at the bytes of one file and says what they are and whether they may run code.
///
/// What a file is called decides nothing that would make it look better: every container and format that its bytes could
/// be is tried. It never traps, and its time and memory are bounded whatever the bytes are.
package struct FileScanner: Sendable {
    package init() {}

    /// - Parameters:
    ///   - name: what the file is called; only its last part counts. It can make a verdict worse, by
    ///     ``nameFindings(name:format:)`` alone for the most part, and never better.
    ///   - source: read at as few places as the format allows.
    package func scan<Source: ScanSource>(name: String, source: inout Source) -> ScanReport {
        let session = ScanSession(source)
        let format = Examination(session: session, fileName: name).format(of: session.whole)
        if session.isUnreadable {
            session.note("container", .unknown, "source.unreadable", "has bytes that could not be read, or not be kept")
        }
        for finding in Self.nameFindings(name: name, format: format) { session.note(finding) }
        if let used = session.finalSource as? Source { source = used }
        let findings = session.findings.sorted { $0.verdict > $1.verdict }
        return ScanReport(format: format, verdict: findings.first?.verdict ?? .clean, findings: findings)
    }
}

extension FileScanner {
    /// What is wrong with a file being called as it is, its content being what it is: bytes that were scanned under one
    /// name may be stored under others, for which only this has to be asked anew.
    /// - Parameter format: as a report of the content says.
    package static func nameFindings(name: String, format: String) -> [ScanFinding] {
        var findings: [ScanFinding] = []
        if let kind = SourceCode.kind(ofName: name), ["text", "json", "template", "empty", "unknown"].contains(format) {
            findings.append(
                ScanFinding(
                    scanner: "remote-code", verdict: .suspicious, code: "remote-code.source", place: "",
                    text: "is \(kind), which may be run"))
        }
        if FileNames.belies(name, format) {
            let isCode = ["pickle", "torch", "torch-legacy", "torchscript", "native"].contains(format)
            findings.append(
                ScanFinding(
                    scanner: "container", verdict: isCode ? .suspicious : .unknown, code: "format.mismatch", place: "",
                    text: "is \(format), which its name does not say"))
        }
        return findings
    }
}
