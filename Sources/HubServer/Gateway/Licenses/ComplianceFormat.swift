import HubCore
package import MirrorGateway
import NIOCore

/// A form in which a compliance report is written, piece by piece: it may be longer than memory.
package protocol ComplianceFormat: Sendable {
    /// What stands in front of the first entry.
    mutating func beginning(_ head: ComplianceHead) -> String
    mutating func entry(_ entry: ComplianceReport.Entry) -> String
    /// What stands after the last entry.
    mutating func end() -> String
}

/// What a report says of itself.
package struct ComplianceHead: Sendable {
    /// Nil for all of the hub.
    package let organisation: String?
    /// Milliseconds since 1970.
    package let generatedAt: Int64
    package let policyDigest: String?
    /// Of the program that made it.
    package let version: String
    /// What names this report and no other.
    package let id: String

    package init(organisation: String?, generatedAt: Int64, policyDigest: String?, version: String, id: String) {
        self.organisation = organisation
        self.generatedAt = generatedAt
        self.policyDigest = policyDigest
        self.version = version
        self.id = id
    }

    var title: String { "licences of \(organisation.map { "the organisation \($0)" } ?? "all repositories")" }
}

/// The names of the forms.
package enum ComplianceFormatName: String, Sendable, CaseIterable {
    case json, csv, spdx, cyclonedx

    package var format: any ComplianceFormat {
        switch self {
        case .json: ComplianceJSON()
        case .csv: ComplianceCSV()
        case .spdx: ComplianceSPDX()
        case .cyclonedx: ComplianceCycloneDX()
        }
    }

    package var mediaType: String {
        switch self {
        case .json: "application/json; charset=utf-8"
        case .csv: "text/csv; charset=utf-8; header=present"
        case .spdx: "application/spdx+json"
        case .cyclonedx: "application/vnd.cyclonedx+json; version=1.6"
        }
    }

    /// How a file with it is called.
    package var fileName: String {
        switch self {
        case .json: "licenses.json"
        case .csv: "licenses.csv"
        case .spdx: "licenses.spdx.json"
        case .cyclonedx: "licenses.cdx.json"
        }
    }
}

extension ComplianceReport {
    /// Writes the report piece by piece.
    /// - Parameter send: takes each piece, and is waited for.
    package func write(
        _ format: any ComplianceFormat, _ head: ComplianceHead, of namespace: String?,
        to send: (String) async throws -> Void
    ) async throws {
        var format = format
        try await send(format.beginning(head))
        try await forEach(in: namespace) { entry in try await send(format.entry(entry)) }
        try await send(format.end())
    }
}

/// One JSON value as text.
func jsonText(_ write: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter()
    write(&json)
    return String(buffer: json.buffer)
}
