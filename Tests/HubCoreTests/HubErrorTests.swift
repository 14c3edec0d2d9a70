import Foundation
import HubCore
import Testing

@Suite("Errors")
struct HubErrorTests {
    @Test("docs/errors.md tells of every code with its status", arguments: HubError.Code.allCases)
    func documented(code: HubError.Code) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/errors.md"), encoding: .utf8)
        let row = text.split(separator: "\n").first { $0.hasPrefix("| `\(code.rawValue)` |") }
        #expect(row?.contains(String(code.defaultStatus)) == true, "no row for \(code.rawValue)")
    }

    @Test("S37: message and remedy are two sentences on one line without control characters")
    func line() {
        #expect(HubError(.conflict, "It is taken", remedy: "Choose another.").line == "It is taken. Choose another.")
        #expect(HubError(.conflict, "It is taken.", remedy: "Choose another.").line == "It is taken. Choose another.")
        #expect(HubError(.conflict, "a\r\nb\u{7}").line == "a  b ")
    }
}
