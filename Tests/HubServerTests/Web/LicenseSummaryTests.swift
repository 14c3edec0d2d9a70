import Policies
import Testing

@testable import HubServer

@Suite("What licences let be done, on the page about them")
struct LicenseSummaryTests {
    @Test(
        "each use of known licences",
        arguments: [
            ("MIT", ["yes", "yes", "terms"]), ("CC0-1.0", ["yes", "yes", "yes"]),
            ("CC-BY-NC-4.0", ["yes", "no", "terms"]), ("AGPL-3.0-only", ["yes", "terms", "terms"]),
            ("llama3", ["terms", "terms", "terms"]), ("other", ["unknown", "unknown", "unknown"]),
        ])
    func verdicts(name: String, expected: [String]) {
        let flags = License.normalize(name).flags
        #expect(["internal", "commercial", "redistribute"].map { LicenseSummary.verdict(on: $0, flags) } == expected)
    }
}
