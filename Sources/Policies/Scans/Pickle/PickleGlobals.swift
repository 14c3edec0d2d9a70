/// What the things are that a pickle may import.
enum PickleGlobals {
    enum Kind {
        /// Builds plain data, whatever it is called with.
        case harmless
        /// Builds plain data too, and is what PyTorch's own loader of weights lets through, but stricter scanners do not.
        case plain
        /// Nobody vouches for it.
        case unlisted
        /// Runs code, reads or writes files, or gets at things that do; with what it does, to be read after its name.
        case dangerous(String)
    }

    static func kind(of global: PickleGlobal) -> Kind {
        let (module, name) = (global.module, global.name)
        if let why = danger(module: module, name: name) { return .dangerous(why) }
        if harmless[module]?.contains(name) == true { return .harmless }
        if plain[module]?.contains(name) == true { return .plain }
        return .unlisted
    }

    /// Nothing outside this is called clean. No scanner in wide use objects to any of it.
    private static let harmless: [String: Set<String>] = [
        "collections": ["OrderedDict"],
        "numpy": ["dtype", "ndarray"],
        "numpy.core.multiarray": ["_reconstruct"],
        "numpy._core.multiarray": ["_reconstruct"],
        "torch._utils": ["_rebuild_tensor_v2"],
        "torch": [
            "LongStorage", "FloatStorage", "HalfStorage", "QUInt2x4Storage", "QUInt4x2Storage", "QInt32Storage",
            "QInt8Storage", "QUInt8Storage", "ComplexFloatStorage", "ComplexDoubleStorage", "DoubleStorage",
            "BFloat16Storage", "BoolStorage", "CharStorage", "ShortStorage", "IntStorage", "ByteStorage",
        ],
    ]

    private static let builtinTypes: Set<String> = [
        "set", "frozenset", "bytearray", "complex", "range", "slice", "int", "float", "bool", "str", "bytes", "list",
        "tuple", "dict", "object", "long", "unicode", "xrange", "NoneType",
    ]

    private static let plain: [String: Set<String>] = [
        "builtins": builtinTypes,
        "__builtin__": builtinTypes,
        "_codecs": ["encode"],
        "collections": ["Counter", "defaultdict", "deque"],
        "datetime": ["datetime", "date", "time", "timedelta", "timezone"],
        "decimal": ["Decimal"],
        "fractions": ["Fraction"],
        "numpy": [
            "bool_", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32",
            "float64", "complex64", "complex128", "str_", "bytes_",
        ],
        "numpy.core.multiarray": ["scalar"],
        "numpy._core.multiarray": ["scalar"],
        "numpy.core.numeric": ["_frombuffer"],
        "numpy._core.numeric": ["_frombuffer"],
        "torch": [
            "Tensor", "Size", "device", "dtype", "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32",
            "int64", "uint8", "bool", "half", "float", "double", "long", "int", "short", "complex64", "complex128",
            "float8_e4m3fn", "float8_e5m2", "per_tensor_affine", "per_channel_affine", "strided", "sparse_coo",
        ],
        "torch._utils": [
            "_rebuild_tensor", "_rebuild_parameter", "_rebuild_parameter_with_state", "_rebuild_sparse_tensor",
            "_rebuild_qtensor", "_rebuild_meta_tensor_no_storage", "_rebuild_nested_tensor",
            "_rebuild_device_tensor_from_numpy", "_rebuild_device_tensor_from_cpu_tensor",
        ],
        "torch._tensor": ["_rebuild_from_type_v2"],
        "torch.nn.parameter": ["Parameter", "Buffer"],
        "torch.serialization": ["_get_layout"],
        "torch.storage": ["UntypedStorage", "TypedStorage"],
        "uuid": [],
    ]

    /// Modules of which everything is refused, with all that is below them.
    private static let dangerousModules: [String: String] = [
        "os": "reaches the operating system", "posix": "reaches the operating system",
        "nt": "reaches the operating system", "posixpath": "reaches files", "ntpath": "reaches files",
        "subprocess": "runs commands", "_posixsubprocess": "runs commands", "commands": "runs commands",
        "popen2": "runs commands", "pty": "runs commands", "sys": "reaches the interpreter",
        "socket": "reaches the network", "_socket": "reaches the network", "ssl": "reaches the network",
        "_ssl": "reaches the network", "http": "reaches the network", "httplib": "reaches the network",
        "urllib": "reaches the network", "urllib2": "reaches the network", "requests": "reaches the network",
        "aiohttp": "reaches the network", "httpx": "reaches the network", "ftplib": "reaches the network",
        "smtplib": "reaches the network", "telnetlib": "reaches the network", "xmlrpc": "reaches the network",
        "socketserver": "reaches the network", "asyncio": "runs commands", "imaplib": "runs commands",
        "poplib": "reaches the network", "nntplib": "reaches the network", "paramiko": "runs commands",
        "webbrowser": "opens a browser", "antigravity": "opens a browser", "shutil": "writes files",
        "tempfile": "writes files", "pathlib": "reaches files", "fileinput": "reaches files", "glob": "reaches files",
        "zipfile": "writes files", "tarfile": "writes files", "io": "reaches files", "_io": "reaches files",
        "mmap": "reaches files", "linecache": "reads files", "sqlite3": "writes files", "dbm": "writes files",
        "shelve": "loads pickles", "pickle": "loads pickles", "_pickle": "loads pickles", "cPickle": "loads pickles",
        "dill": "loads code", "cloudpickle": "loads code", "marshal": "loads code", "joblib.hashing": "loads pickles",
        "runpy": "runs code", "code": "runs code", "codeop": "compiles code", "_testcapi": "reaches memory",
        "builtin": "runs code", "ctypes": "calls native code", "_ctypes": "calls native code",
        "cffi": "calls native code", "_cffi_backend": "calls native code", "numpy.ctypeslib": "calls native code",
        "importlib": "imports anything", "imp": "imports anything", "_imp": "imports anything",
        "_frozen_importlib": "imports anything", "_frozen_importlib_external": "imports anything",
        "pkgutil": "imports anything", "zipimport": "imports anything", "modulefinder": "imports anything",
        "pydoc": "imports anything", "site": "runs code", "inspect": "reaches code", "types": "builds code",
        "gc": "reaches all objects", "weakref": "reaches all objects", "signal": "reaches the process",
        "_signal": "reaches the process", "threading": "runs code", "_thread": "runs code",
        "multiprocessing": "runs code", "concurrent": "runs code", "sched": "runs code", "atexit": "runs code",
        "bdb": "runs code", "pdb": "runs code", "cProfile": "runs code", "profile": "runs code", "trace": "runs code",
        "timeit": "runs code", "doctest": "runs code", "unittest": "runs code", "test": "runs code",
        "lib2to3": "runs code", "idlelib": "runs code", "ensurepip": "runs commands", "pip": "runs commands",
        "venv": "runs commands", "setuptools": "runs code", "distutils": "runs code", "_distutils_hack": "runs code",
        "_osx_support": "runs commands", "_aix_support": "runs commands", "_pyrepl": "runs commands",
        "pyexpat": "reads files", "ast": "builds code", "symtable": "builds code", "dis": "reaches code",
        "platform": "runs commands", "getpass": "asks for passwords", "readline": "reaches files",
        "cmd": "runs commands", "turtle": "runs code", "tkinter": "runs code", "logging": "runs code",
        "operator": "calls methods of anything", "_operator": "calls methods of anything",
        "functools": "calls anything", "_functools": "calls anything", "itertools": "calls anything",
        "copyreg": "registers code", "copy_reg": "registers code", "codecs": "reaches files",
        "fcntl": "reaches files", "resource": "reaches the process", "nturl2path": "reaches files",
        "numpy.f2py": "runs code", "numpy.testing": "runs code", "numpy.distutils": "runs commands",
        "numpy.lib.npyio": "loads pickles", "numpy.lib._npyio_impl": "loads pickles", "torch.hub": "loads code",
        "torch._inductor": "compiles code", "torch._dynamo": "runs code", "torch.utils.cpp_extension": "compiles code",
        "torch.utils.collect_env": "runs commands", "torch.utils.bottleneck": "runs code",
        "torch.utils._config_module": "loads pickles", "torch.fx.experimental": "runs code",
        "torch.jit.unsupported_tensor_ops": "runs code", "torch.package": "loads code", "torch.jit": "loads code",
        "torch.utils.data.datapipes": "loads pickles", "torch.distributed": "loads pickles",
        "torch.multiprocessing": "runs code", "torch.ops": "loads native code", "torch.classes": "loads native code",
        "tensorflow": "runs code", "keras.utils": "loads code", "jax": "runs code", "pandas.io": "reaches files",
        "pandas.eval": "runs code", "pandas.core.computation": "runs code", "scipy.io": "reaches files",
        "sympy": "runs code", "IPython": "runs code", "nltk": "runs code", "uuid": "runs commands",
        "_sitebuiltins": "reaches files", "sysconfig": "runs code", "pprint": "calls anything",
        "_xxsubinterpreters": "runs code", "_interpreters": "runs code", "cgitb": "reaches files",
        "mailcap": "runs commands", "crypt": "reaches the system", "py_compile": "writes files",
        "compileall": "writes files", "netrc": "reads files", "configparser": "reaches files",
        "wsgiref": "reaches the network", "winreg": "reaches the system", "_winapi": "runs commands",
        "msvcrt": "reaches the system", "pyimod02_importers": "imports anything", "yaml": "loads code",
        "jsonpickle": "loads code", "srsly": "loads pickles", "streamlit": "runs code", "transformers": "loads code",
    ]

    /// Of modules that are not refused as a whole.
    private static let dangerousNames: [String: Set<String>] = [
        "builtins": dangerousBuiltins, "__builtin__": dangerousBuiltins, "__builtins__": dangerousBuiltins,
        "torch": [
            "load", "save", "compile", "hub", "ops", "classes", "jit", "serialization", "utils", "package", "os",
            "sys", "builtins", "importlib", "multiprocessing", "library", "from_file", "import_ir_module",
        ],
        "torch.serialization": ["load", "save", "_load", "_legacy_load", "pickle"],
        "torch.storage": ["_load_from_bytes"],
        "numpy": [
            "load", "loadtxt", "fromfile", "save", "savez", "memmap", "lookfor", "genfromtxt", "f2py", "testing",
        ],
        "pandas": ["read_pickle", "read_csv", "eval"],
        "joblib": ["load", "dump"],
        "joblib.numpy_pickle": ["load", "dump"],
        "collections": ["abc", "_sys", "sys"],
    ]

    private static let dangerousBuiltins: Set<String> = [
        "eval", "exec", "execfile", "compile", "open", "file", "apply", "getattr", "setattr", "delattr", "hasattr",
        "__import__", "breakpoint", "input", "raw_input", "globals", "locals", "vars", "dir", "type", "super", "map",
        "filter", "reduce", "iter", "next", "print", "help", "memoryview", "classmethod", "staticmethod", "property",
        "exit", "quit", "copyright", "credits", "license", "callable", "id", "intern", "buffer", "coerce", "reload",
        "__loader__", "__spec__", "__build_class__", "any", "all", "sorted", "min", "max", "sum", "zip", "enumerate",
        "aiter", "anext", "format",
    ]

    private static func danger(module: String, name: String) -> String? {
        var prefix = Substring(module)
        while true {
            if let why = dangerousModules[String(prefix)] { return why }
            guard let dot = prefix.lastIndex(of: ".") else { break }
            prefix = prefix[..<dot]
        }
        if let names = dangerousNames[module], let first = name.split(separator: ".").first {
            if names.contains(String(first)) { return "runs or reaches more than data" }
        }
        // Harmless ones are single words; these walk from one object to what is behind it.
        if name.hasPrefix("__") || name.contains("__.") || name.contains(".__") {
            return "reaches what is behind an object"
        }
        return nil
    }
}
