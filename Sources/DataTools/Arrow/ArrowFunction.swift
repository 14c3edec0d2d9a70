import CDuckDB

/// The table function that gives the engine the rows of Arrow files. It takes no name: it reads the files of its database
/// and no others, whoever calls it.
final class ArrowFunction {
    static let name = "arrow_rows"

    /// Rows that are handed over at once: as many as a vector of the engine has room for.
    private static let pageRows = 2_048

    fileprivate let files: [(descriptor: Int32, name: String)]
    fileprivate let functions: TableFunctions

    private init(_ files: [(descriptor: Int32, name: String)], _ functions: TableFunctions) {
        self.files = files
        self.functions = functions
    }

    static func register(
        _ files: [(descriptor: Int32, name: String)], functions: TableFunctions, connection: UnsafeMutableRawPointer?
    ) throws(DuckDBLibrary.Failure) {
        var function = functions.create()
        defer { functions.destroy(&function) }
        functions.setName(function, name)
        let owner = ArrowFunction(files, functions)
        functions.setExtra(function, Unmanaged.passRetained(owner).toOpaque()) { pointer in
            if let pointer { Unmanaged<ArrowFunction>.fromOpaque(pointer).release() }
        }
        Current.functions = functions
        functions.setProjection(function, true)
        functions.setBind(function) { info in
            guard let functions = Current.functions, let pointer = functions.bindExtra(info) else { return }
            Unmanaged<ArrowFunction>.fromOpaque(pointer).takeUnretainedValue().bind(info)
        }
        functions.setInit(function) { info in
            guard let functions = Current.functions, let pointer = functions.initExtra(info) else { return }
            Unmanaged<ArrowFunction>.fromOpaque(pointer).takeUnretainedValue().begin(info)
        }
        functions.setFunction(function) { info, chunk in
            guard let functions = Current.functions, let pointer = functions.data(info) else { return }
            Unmanaged<Scan>.fromOpaque(pointer).takeUnretainedValue().fill(chunk, info)
        }
        guard functions.register(connection, function) == 0 else {
            throw DuckDBLibrary.Failure(message: "The reader of Arrow files could not be registered.")
        }
    }

    /// The library of this process: the engine's calls bring no other way to it. One is loaded, once, and questions are
    /// answered by one thread.
    private enum Current {
        nonisolated(unsafe) static var functions: TableFunctions?
    }

    private func bind(_ info: UnsafeMutableRawPointer?) {
        do throws(ArrowFault) {
            guard let first = files.first else { throw .broken }
            let columns = try ArrowStream(first.descriptor).columns
            guard !columns.isEmpty else { throw ArrowFault("it has no columns") }
            let vectors = ArrowVectors(functions: functions)
            for column in columns {
                var type = vectors.type(column.type)
                functions.bindColumn(info, column.name, type)
                functions.library.destroyType(&type)
            }
        } catch {
            functions.bindError(info, "\(files.first?.name ?? "") cannot be read as arrow: \(error.message).")
        }
    }

    private func begin(_ info: UnsafeMutableRawPointer?) {
        let count = functions.initColumnCount(info)
        let columns = (0..<count).map { Int(truncatingIfNeeded: functions.initColumn(info, $0)) }
        let scan = Scan(self, columns: columns)
        functions.initData(info, Unmanaged.passRetained(scan).toOpaque()) { pointer in
            if let pointer { Unmanaged<Scan>.fromOpaque(pointer).release() }
        }
    }

    /// One walk through the files.
    private final class Scan {
        private let owner: ArrowFunction
        /// Which columns the engine wants, in its order.
        private let columns: [Int]
        private var file = 0
        private var stream: ArrowStream?
        private var first: [ArrowField]?
        private var arrays: [Int: ArrowArray] = [:]
        private var count = 0
        private var row = 0

        init(_ owner: ArrowFunction, columns: [Int]) {
            self.owner = owner
            self.columns = columns
        }

        func fill(_ chunk: UnsafeMutableRawPointer?, _ info: UnsafeMutableRawPointer?) {
            let functions = owner.functions
            do throws(ArrowFault) {
                while row >= count {
                    guard try advance() else { return functions.setChunkSize(chunk, 0) }
                }
                let rows = min(ArrowFunction.pageRows, count - row)
                let vectors = ArrowVectors(functions: functions)
                for (place, column) in columns.enumerated() {
                    // A number of a row that nobody looks at stands beyond the columns.
                    guard let array = arrays[column] else { continue }
                    try vectors.write(
                        array, row, rows, to: functions.library.chunkVector(chunk, duck_idx(place)), at: 0)
                }
                functions.setChunkSize(chunk, duck_idx(rows))
                row += rows
            } catch {
                let name = owner.files[min(file, owner.files.count - 1)].name
                functions.error(info, "\(name) cannot be read as arrow: \(error.message).")
            }
        }

        /// Goes on to the next batch.
        private func advance() throws(ArrowFault) -> Bool {
            while file < owner.files.count {
                let current: ArrowStream
                if let stream { current = stream } else { current = try open() }
                stream = current
                if let batch = try current.next() {
                    arrays = try current.columns(of: batch, Set(columns))
                    (row, count) = (0, batch.count)
                    return true
                }
                stream = nil
                file += 1
            }
            return false
        }

        private func open() throws(ArrowFault) -> ArrowStream {
            let stream = try ArrowStream(owner.files[file].descriptor)
            guard stream.columns == first ?? stream.columns else {
                throw ArrowFault("its columns are not those of the files before it")
            }
            first = stream.columns
            return stream
        }
    }
}
