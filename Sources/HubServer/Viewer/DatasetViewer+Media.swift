import DataTools
import Foundation
import HubCore

extension DatasetViewer {
    /// Bytes of a picture or a sound that are given out.
    private static let mediaBytes = 24 << 20

    /// The bytes of a picture or a sound in a cell.
    func media(row: Int64, column: TableColumn, of table: Table) async throws -> [UInt8] {
        let name = RowFilter.quoted(column.name)
        guard row < .max else { throw HubError(.notFound, "There is no row \(row).") }
        let (files, firstRow) = try await files(holding: row..<row + 1, of: table)
        var request = TableRequest(
            files: files, sql: "SELECT base64(\(name).bytes) FROM data LIMIT 1 OFFSET \(row - firstRow)")
        request.cellLimit = Self.mediaBytes / 3 * 4 + 64
        request.byteLimit = request.cellLimit
        let answer = try await ask(request, rows: 1)
        guard let cell = answer.rows.first?.first, !cell.isCut,
            let text = try? JSONDecoder().decode(String?.self, from: Data(cell.json.utf8)),
            let data = Data(base64Encoded: text)
        else { throw HubError(.notFound, "Row \(row) has no such picture, or a larger one than can be shown.") }
        return Array(data)
    }
}
