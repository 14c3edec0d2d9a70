/// Gathers everything found wrong in one load, so that people see all of it at once.
final class DiagnosticCollector {
    private(set) var diagnostics: [PolicyDiagnostic] = []

    /// More than this of one severity helps nobody and costs memory on a file that is garbage.
    private static let limit = 500

    func add(
        _ severity: PolicyDiagnostic.Severity, at location: SourceLocation, pointer: String, _ message: String,
        remedy: String? = nil
    ) {
        let diagnostic = PolicyDiagnostic(
            severity, at: location, pointer: pointer, message: message, remedy: remedy)
        guard diagnostics.count < Self.limit, !diagnostics.contains(diagnostic) else { return }
        diagnostics.append(diagnostic)
    }

    /// The diagnostics of one severity, in the order in which they stand in the files.
    func sorted(_ severity: PolicyDiagnostic.Severity) -> [PolicyDiagnostic] {
        diagnostics.filter { $0.severity == severity }.sorted { $0.location < $1.location }
    }
}
