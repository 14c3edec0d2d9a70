import CDuckDB

/// The part of DuckDB's C interface by which a process makes rows for the engine.
struct TableFunctions: Sendable {
    let library: DuckDBLibrary
    let create: duck_make
    let destroy: duck_release
    let setName: duck_set_text
    let setExtra: duck_set_data
    let setBind: duck_set_callback
    let setInit: duck_set_callback
    let setFunction: duck_set_rows_callback
    let setProjection: duck_set_flag
    let register: duck_register
    let bindExtra: duck_part
    let bindColumn: duck_add_column
    let bindError: duck_set_text
    let initExtra: duck_part
    let initData: duck_set_data
    let initError: duck_set_text
    let initColumnCount: duck_count_of_object
    let initColumn: duck_index_of_object
    let data: duck_part
    let error: duck_set_text
    let setChunkSize: duck_set_count
    let assign: duck_assign
    let ensureValidity: duck_act
    let listSize: duck_count_of_object
    let reserveList: duck_try_count
    let setListSize: duck_try_count
    let createType: duck_create_type
    let createList: duck_create_of_one
    let createMap: duck_create_of_two
    let createStructure: duck_create_structure
    let createDecimal: duck_create_decimal

    init(_ library: DuckDBLibrary) throws(DuckDBLibrary.Failure) {
        self.library = library
        create = try library.symbol("create_table_function")
        destroy = try library.symbol("destroy_table_function")
        setName = try library.symbol("table_function_set_name")
        setExtra = try library.symbol("table_function_set_extra_info")
        setBind = try library.symbol("table_function_set_bind")
        setInit = try library.symbol("table_function_set_init")
        setFunction = try library.symbol("table_function_set_function")
        setProjection = try library.symbol("table_function_supports_projection_pushdown")
        register = try library.symbol("register_table_function")
        bindExtra = try library.symbol("bind_get_extra_info")
        bindColumn = try library.symbol("bind_add_result_column")
        bindError = try library.symbol("bind_set_error")
        initExtra = try library.symbol("init_get_extra_info")
        initData = try library.symbol("init_set_init_data")
        initError = try library.symbol("init_set_error")
        initColumnCount = try library.symbol("init_get_column_count")
        initColumn = try library.symbol("init_get_column_index")
        data = try library.symbol("function_get_init_data")
        error = try library.symbol("function_set_error")
        setChunkSize = try library.symbol("data_chunk_set_size")
        assign = try library.symbol("vector_assign_string_element_len")
        ensureValidity = try library.symbol("vector_ensure_validity_writable")
        listSize = try library.symbol("list_vector_get_size")
        reserveList = try library.symbol("list_vector_reserve")
        setListSize = try library.symbol("list_vector_set_size")
        createType = try library.symbol("create_logical_type")
        createList = try library.symbol("create_list_type")
        createMap = try library.symbol("create_map_type")
        createStructure = try library.symbol("create_struct_type")
        createDecimal = try library.symbol("create_decimal_type")
    }
}
