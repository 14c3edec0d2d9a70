import CDuckDB
import Glibc

/// DuckDB's C interface, loaded from a file. Only a worker's own process ever has one.
/// - SeeAlso: duckdb.h of DuckDB 1.x.
final class DuckDBLibrary: @unchecked Sendable {
    struct Failure: Error { let message: String }

    let openExtended: duck_open_ext
    let createConfig: duck_create_config
    let setConfig: duck_set_config
    let destroyConfig: duck_release
    let close: duck_release
    let connect: duck_connect
    let disconnect: duck_release
    let interrupt: duck_interrupt
    let query: duck_query
    let destroyResult: duck_destroy_result
    let resultError: duck_result_error
    let extractStatements: duck_extract_statements
    let extractError: duck_extract_error
    let prepareExtracted: duck_prepare_extracted
    let destroyExtracted: duck_release
    let prepare: duck_prepare
    let prepareError: duck_prepare_error
    let destroyPrepared: duck_release
    let statementType: duck_statement_type
    let bindText: duck_bind_varchar
    let bindInteger: duck_bind_int64
    let bindNumber: duck_bind_double
    let bindBoolean: duck_bind_boolean
    let bindNull: duck_bind_null
    let execute: duck_execute
    let fetchChunk: duck_fetch_chunk
    let destroyChunk: duck_release
    let columnCount: duck_column_count
    let columnName: duck_column_name
    let columnType: duck_column_type
    let chunkSize: duck_chunk_size
    let chunkVector: duck_child
    let vectorData: duck_part
    let vectorValidity: duck_validity
    let vectorType: duck_part
    let listChild: duck_part
    let structChild: duck_child
    let arrayChild: duck_part
    let typeID: duck_type_id
    let destroyType: duck_release
    let listType: duck_part
    let arrayType: duck_part
    let arraySize: duck_count_of_type
    let mapKeyType: duck_part
    let mapValueType: duck_part
    let structCount: duck_count_of_type
    let structName: duck_text_of_child
    let structType: duck_child
    let unionCount: duck_count_of_type
    let unionName: duck_text_of_child
    let unionType: duck_child
    let decimalWidth: duck_byte_of_type
    let decimalScale: duck_byte_of_type
    let decimalStorage: duck_type_id
    let enumStorage: duck_type_id
    let enumText: duck_text_of_child
    let free: duck_free
    let version: String
    private let handle: UnsafeMutableRawPointer

    /// - Parameter path: of `libduckdb.so`, or of the library in DuckDB's package for Python.
    init(path: String) throws(Failure) {
        if path.contains("/_duckdb.") {
            // The package's library is one for Python, whose symbols must be there although nothing of it is called.
            let version =
                path.split(separator: ".").first { $0.hasPrefix("cpython-3") }?
                .dropFirst("cpython-3".count).prefix { $0.isNumber } ?? "11"
            guard dlopen("libpython3.\(version).so.1.0", RTLD_LAZY | RTLD_GLOBAL) != nil else {
                throw Failure(message: "libpython3.\(version) is missing: \(Self.linkerError)")
            }
        }
        guard let handle = dlopen(path, RTLD_LAZY | RTLD_LOCAL) else { throw Failure(message: Self.linkerError) }
        self.handle = handle
        func symbol<Function>(_ name: String) throws(Failure) -> Function { try Self.symbol(name, in: handle) }
        openExtended = try symbol("open_ext")
        createConfig = try symbol("create_config")
        setConfig = try symbol("set_config")
        destroyConfig = try symbol("destroy_config")
        close = try symbol("close")
        connect = try symbol("connect")
        disconnect = try symbol("disconnect")
        interrupt = try symbol("interrupt")
        query = try symbol("query")
        destroyResult = try symbol("destroy_result")
        resultError = try symbol("result_error")
        extractStatements = try symbol("extract_statements")
        extractError = try symbol("extract_statements_error")
        prepareExtracted = try symbol("prepare_extracted_statement")
        destroyExtracted = try symbol("destroy_extracted")
        prepare = try symbol("prepare")
        prepareError = try symbol("prepare_error")
        destroyPrepared = try symbol("destroy_prepare")
        statementType = try symbol("prepared_statement_type")
        bindText = try symbol("bind_varchar_length")
        bindInteger = try symbol("bind_int64")
        bindNumber = try symbol("bind_double")
        bindBoolean = try symbol("bind_boolean")
        bindNull = try symbol("bind_null")
        // A result that is fetched while it is made: what nobody fetches is never made.
        let streams = dlsym(handle, "duckdb_execute_prepared_streaming") != nil
        execute = try symbol(streams ? "execute_prepared_streaming" : "execute_prepared")
        fetchChunk = try symbol("fetch_chunk")
        destroyChunk = try symbol("destroy_data_chunk")
        columnCount = try symbol("column_count")
        columnName = try symbol("column_name")
        columnType = try symbol("column_logical_type")
        chunkSize = try symbol("data_chunk_get_size")
        chunkVector = try symbol("data_chunk_get_vector")
        vectorData = try symbol("vector_get_data")
        vectorValidity = try symbol("vector_get_validity")
        vectorType = try symbol("vector_get_column_type")
        listChild = try symbol("list_vector_get_child")
        structChild = try symbol("struct_vector_get_child")
        arrayChild = try symbol("array_vector_get_child")
        typeID = try symbol("get_type_id")
        destroyType = try symbol("destroy_logical_type")
        listType = try symbol("list_type_child_type")
        arrayType = try symbol("array_type_child_type")
        arraySize = try symbol("array_type_array_size")
        mapKeyType = try symbol("map_type_key_type")
        mapValueType = try symbol("map_type_value_type")
        structCount = try symbol("struct_type_child_count")
        structName = try symbol("struct_type_child_name")
        structType = try symbol("struct_type_child_type")
        unionCount = try symbol("union_type_member_count")
        unionName = try symbol("union_type_member_name")
        unionType = try symbol("union_type_member_type")
        decimalWidth = try symbol("decimal_width")
        decimalScale = try symbol("decimal_scale")
        decimalStorage = try symbol("decimal_internal_type")
        enumStorage = try symbol("enum_internal_type")
        enumText = try symbol("enum_dictionary_value")
        free = try symbol("free")
        let version: duck_version = try symbol("library_version")
        self.version = version().map { String(cString: $0) } ?? ""
    }

    private static func symbol<Function>(
        _ name: String, in handle: UnsafeMutableRawPointer
    ) throws(Failure) -> Function {
        guard let address = dlsym(handle, "duckdb_" + name) else {
            throw Failure(message: "The library has no duckdb_\(name).")
        }
        return unsafeBitCast(address, to: Function.self)
    }

    /// A function that not everybody needs.
    func symbol<Function>(_ name: String) throws(Failure) -> Function { try Self.symbol(name, in: handle) }

    /// A text that the library made and gives away.
    func take(_ text: UnsafeMutablePointer<CChar>?) -> String {
        guard let text else { return "" }
        defer { free(text) }
        return String(cString: text)
    }

    private static var linkerError: String { dlerror().map { String(cString: $0) } ?? "unknown error" }
}
