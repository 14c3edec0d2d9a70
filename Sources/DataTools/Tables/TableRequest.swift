/// A file of rows as a worker opens it.
package struct TableFile: Sendable, Codable, Hashable {
    /// Where its bytes are on this machine.
    package let path: String
    /// What people know it by, which errors say.
    package let name: String
    package let format: TableFormat
    /// `gzip` or `zstd`; nil for none.
    package let compression: String?
    /// How many rows the files before it have; nil where nobody counted.
    package var firstRow: Int64?

    package init(
        path: String, name: String, format: TableFormat, compression: String?, firstRow: Int64? = nil
    ) {
        self.firstRow = firstRow
        self.path = path
        self.name = name
        self.format = format
        self.compression = compression
    }
}

/// One question about the rows of some files, for a worker.
package struct TableRequest: Sendable, Codable {
    /// A value that stands for a `?` of the question.
    package enum Binding: Sendable, Codable, Hashable {
        case text(String)
        case integer(Int64)
        case number(Double)
        case boolean(Bool)
        case null
    }

    /// All of one format; the table `data` has their rows, one file after the other.
    package var files: [TableFile]
    /// Another name of the table, such as that of the split.
    package var alias: String?
    /// May name the tables `data` and, with the number of each row as `__row__`, `numbered`; and, unless somebody wrote
    /// it whom nobody trusts, `{files}` for the list of the files.
    package var sql: String
    package var bindings: [Binding] = []
    /// Whether somebody wrote it whom nobody trusts: one statement that only reads.
    package var isForeign = false
    /// Rows after which the answer ends.
    package var rowLimit = 100
    /// Bytes after which it ends.
    package var byteLimit = 8 << 20
    /// Bytes after which a cell is cut.
    package var cellLimit = 1 << 20
    package var milliseconds = 10_000

    package init(files: [TableFile], alias: String? = nil, sql: String, bindings: [Binding] = []) {
        self.files = files
        self.alias = alias
        self.sql = sql
        self.bindings = bindings
    }
}

/// One value of an answer.
package struct TableCell: Sendable, Hashable {
    /// The value as JSON.
    package let json: String
    /// Whether it is longer than it is shown.
    package let isCut: Bool

    package init(json: String, isCut: Bool = false) {
        self.json = json
        self.isCut = isCut
    }
}

/// What a worker answered.
package struct TableAnswer: Sendable {
    package let columns: [TableColumn]
    package let rows: [[TableCell]]
    /// Whether a limit ended it although there were more rows.
    package let isCut: Bool
    package let milliseconds: Int
}

/// What stands in front of the cells of an answer.
struct AnswerHead: Codable {
    enum Problem: String, Codable {
        case invalid, refused, memory, time, file, engine
    }

    var columns: [TableColumn] = []
    var rows = 0
    var isCut = false
    var milliseconds = 0
    /// Bytes of memory that the worker holds.
    var resident: Int64 = 0
    var problem: Problem?
    var message: String?
}
