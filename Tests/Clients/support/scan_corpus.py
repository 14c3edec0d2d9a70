"""Files for the scanners: ones that run code when they are loaded, in as many disguises as could be thought of, and ones
that do not. Nothing here is ever loaded; the commands in them are harmless all the same.

`python scan_corpus.py FOLDER`, by a Python that has numpy, fills `hostile/` and `benign/` and prints what each file is:
name -> least verdict that is right.
"""

import bz2
import gzip
import io
import json
import lzma
import pathlib
import pickle
import random
import struct
import sys
import tarfile
import zipfile
import zlib

try:
    import numpy
except ImportError:  # `pickles()` goes without.
    numpy = None

UNKNOWN, SUSPICIOUS, DANGEROUS = "unknown", "suspicious", "dangerous"
COMMAND = b"echo scanned"


# -- opcodes

def proto(n=2):
    return b"\x80" + bytes([n])


def glob(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def short(text):
    data = text.encode() if isinstance(text, str) else text
    return b"\x8c" + bytes([len(data)]) + data


def long_text(text):
    data = text.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def huge_text(text):
    data = text.encode()
    return b"\x8d" + struct.pack("<Q", len(data)) + data


def stack_glob(module, name):
    return short(module) + b"\x94" + short(name) + b"\x94\x93"


def call(function, *arguments):
    """`function` is opcodes that leave a callable; the arguments are opcodes too."""
    return function + b"(" + b"".join(arguments) + b"tR"


def evil(proto_number=2):
    return proto(proto_number) + call(glob("os", "system"), short(COMMAND)) + b"."


def frame(body):
    return b"\x95" + struct.pack("<Q", len(body)) + body


# -- archives

def zipped(files, compression=zipfile.ZIP_STORED, comment=b""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data, compression)
        archive.comment = comment
    return buffer.getvalue()


def tarred(files, format=tarfile.PAX_FORMAT, mode="w"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=format) as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def tensor_pickle(names=("weight",), storage="FloatStorage", count=4):
    """The pickle of a state dictionary, as PyTorch writes it."""
    body = proto(2) + glob("collections", "OrderedDict") + b")R("
    for number, name in enumerate(names):
        body += long_text(name) + glob("torch._utils", "_rebuild_tensor_v2") + b"("
        body += b"(" + long_text("storage") + glob("torch", storage) + long_text(str(number)) + long_text("cpu")
        body += b"K" + bytes([count]) + b"tQ" + b"K\x00" + b"K" + bytes([count]) + b"\x85" + b"K\x01\x85" + b"\x89"
        body += glob("collections", "OrderedDict") + b")R" + b"tR"
    return body + b"u."


def torch_zip(data=None, folder="archive", extra=(), compression=zipfile.ZIP_STORED, names=("weight",)):
    files = [(f"{folder}/data.pkl", data or tensor_pickle(names)), (f"{folder}/byteorder", b"little")]
    files += [(f"{folder}/data/{n}", numpy.arange(4, dtype="<f4").tobytes()) for n in range(len(names))]
    return zipped(files + [(f"{folder}/version", b"3\n")] + list(extra), compression)


MAGIC = 0x1950A86A20F9469CFC6C


def legacy(pickled, keys=("0",), count=4):
    out = pickle.dumps(MAGIC, 2) + pickle.dumps(1001, 2)
    out += pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2}}, 2)
    out += pickled + pickle.dumps(list(keys), 2)
    for _ in keys:
        out += struct.pack("<q", count) + numpy.arange(count, dtype="<f4").tobytes()
    return out


def npy(array, **options):
    buffer = io.BytesIO()
    numpy.lib.format.write_array(buffer, array, **options)
    return buffer.getvalue()


def npy_with(pickled, descr="'|O'", shape="(1,)"):
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + pickled


def safetensors(tensors, metadata=None):
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, array in tensors.items():
        kind = {"float32": "F32", "float16": "F16", "int64": "I64", "uint8": "U8"}[array.dtype.name]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def gguf(pairs, tensors=()):
    def text(value):
        return struct.pack("<Q", len(value.encode())) + value.encode()

    out = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs))
    for key, value in pairs.items():
        out += text(key)
        out += struct.pack("<I", 8) + text(value) if isinstance(value, str) else struct.pack("<II", 4, value)
    for name, count in tensors:
        out += text(name) + struct.pack("<IQIQ", 1, count, 0, 0)
    out += b"\0" * (-len(out) % 32)
    return out + b"\0" * sum(4 * count for _, count in tensors)


def varint(value):
    out = b""
    while True:
        byte, value = value & 0x7F, value >> 7
        if not value:
            return out + bytes([byte])
        out += bytes([byte | 0x80])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def onnx(domain="", location=None, opset=""):
    node = field(1, "x") + field(2, "y") + field(3, "n") + field(4, "Relu") + (field(7, domain) if domain else b"")
    tensor = field(1, 4) + field(2, 1) + field(8, "w")
    if location:
        tensor += field(13, field(1, "location") + field(2, location)) + field(14, 1)
    else:
        tensor += field(9, b"\0" * 16)
    graph = field(1, node) + field(2, "g") + field(5, tensor)
    return field(1, 8) + field(2, "corpus") + field(7, graph) + field(8, field(1, opset) + field(2, 17))


def saved_model(*operators):
    graph = b"".join(field(1, field(1, f"n{i}") + field(2, op)) for i, op in enumerate(operators))
    return field(1, 1) + field(2, field(2, graph))


def keras(config, weights=b""):
    return zipped([("metadata.json", json.dumps({"keras_version": "3.0.0"}).encode()),
                   ("config.json", json.dumps(config).encode()),
                   ("model.weights.h5", weights or hdf5())])


def keras_config(layer):
    dense = {"module": "keras.layers", "class_name": "Dense", "config": {"units": 1}, "registered_name": None}
    return {"module": "keras", "class_name": "Sequential", "config": {"layers": [dense, layer]}, "registered_name": None}


LAMBDA = {"module": "keras.layers", "class_name": "Lambda", "registered_name": None,
          "config": {"function": {"class_name": "__lambda__", "config": {"code": "4wAAAAA="}}}}


def hdf5(payload=b""):
    """A superblock of version 0 whose end of file is right; what follows it is looked at as bytes only."""
    body = payload + b"\0" * (-len(payload) % 8 + 64)
    total = 96 + len(body)
    head = b"\x89HDF\r\n\x1a\n" + bytes([0, 0, 0, 0, 0, 8, 8, 0]) + struct.pack("<HHI", 4, 16, 0)
    head += struct.pack("<QQQQ", 0, 2**64 - 1, total, 2**64 - 1)
    return head + b"\0" * (96 - len(head)) + body


def parquet(extra=b""):
    footer = b"\x15\x02" + b"\x19\x1c\x48\x06schema\x15\x02\x00" + b"\x16\x00" + b"\x19\x0c"
    if extra:
        footer += b"\x19\x1c\x18\x0cARROW:schema\x18" + varint(len(extra)) + extra + b"\x00"
    footer += b"\x00"
    return b"PAR1" + b"\0" * 32 + footer + struct.pack("<I", len(footer)) + b"PAR1"


# -- hostile

CALLABLES = [
    ("os", "system"), ("posix", "system"), ("nt", "system"), ("os", "popen"), ("os", "execv"), ("subprocess", "Popen"),
    ("subprocess", "check_output"), ("subprocess", "run"), ("builtins", "eval"), ("builtins", "exec"),
    ("__builtin__", "eval"), ("builtins", "compile"), ("builtins", "open"), ("builtins", "getattr"),
    ("builtins", "__import__"), ("importlib", "import_module"), ("functools", "partial"), ("operator", "methodcaller"),
    ("operator", "attrgetter"), ("_operator", "attrgetter"), ("operator", "itemgetter"), ("runpy", "run_path"),
    ("runpy", "_run_code"), ("pty", "spawn"), ("shutil", "rmtree"), ("socket", "create_connection"),
    ("webbrowser", "open"), ("pickle", "loads"), ("_pickle", "loads"), ("marshal", "loads"), ("types", "FunctionType"),
    ("types", "CodeType"), ("ctypes", "CDLL"), ("pdb", "run"), ("bdb", "Bdb.run"), ("cProfile", "run"),
    ("timeit", "timeit"), ("trace", "Trace.runctx"), ("code", "InteractiveInterpreter.runcode"),
    ("pydoc", "pipepager"), ("pkgutil", "resolve_name"), ("logging.config", "_resolve"), ("asyncio", "run"),
    ("torch", "load"), ("torch.hub", "load"), ("torch.serialization", "load"), ("torch.storage", "_load_from_bytes"),
    ("numpy", "load"), ("numpy.testing._private.utils", "runstring"), ("numpy.f2py.crackfortran", "_eval_length"),
    ("torch._inductor.codecache", "compile_file"), ("torch.utils.collect_env", "run"), ("ensurepip", "_run_pip"),
    ("idlelib.pyshell", "ModifiedInterpreter.runcode"), ("uuid", "_get_command_stdout"), ("imaplib", "IMAP4_stream"),
    ("_osx_support", "_read_output"), ("distutils.file_util", "write_file"), ("io", "FileIO"), ("_io", "FileIO"),
    ("cloudpickle.cloudpickle", "_make_function"), ("dill._dill", "_create_code"), ("lib2to3.pgen2.pgen", "exec"),
    ("urllib.request", "urlopen"), ("requests.api", "get"), ("aiohttp.client", "request"), ("ssl", "get_server_certificate"),
    ("torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression"), ("doctest", "debug_script"),
    ("torch.jit.unsupported_tensor_ops", "execWrapper"), ("torch.utils.bottleneck.__main__", "run_cprofile"),
    ("torch.utils._config_module", "ConfigModule.load_config"), ("linecache", "getlines"), ("site", "execsitecustomize"),
    ("sys", "exit"), ("builtins", "breakpoint"), ("commands", "getoutput"), ("venv", "create"), ("profile", "run"),
]

UNLISTED = [
    ("sklearn.svm._classes", "SVC"), ("transformers.training_args", "TrainingArguments"), ("mymodel", "Net"),
    ("__main__", "Model"), ("fastai.learner", "Learner"), ("pandas.core.frame", "DataFrame"), ("xgboost.core", "Booster"),
    ("torch.nn.modules.linear", "Linear"), ("joblib.numpy_pickle", "NumpyArrayWrapper"),
    ("collections", "OrderedDict.fromkeys"), ("torch._utils", "_rebuild_tensor_v2.__globals__"),
    ("collections ", "OrderedDict"), ("Collections", "OrderedDict"), ("c\u043ellections", "OrderedDict"),
]


def pickles():
    """(name, bytes, least verdict) of pickles that run or import something."""
    cmd = short(COMMAND)
    for number, (module, name) in enumerate(CALLABLES):
        way = number % 4
        if way == 0:
            data = proto(2) + call(glob(module, name), cmd) + b"."
        elif way == 1:
            data = proto(4) + frame(call(stack_glob(module, name), cmd) + b".")
        elif way == 2:
            data = b"(S'" + COMMAND + b"'\ni" + f"{module}\n{name}\n".encode() + b"."
        else:
            data = proto(2) + b"(" + glob(module, name) + cmd + b"o."
        yield f"call-{module}.{name}.pkl", data, DANGEROUS
    for number, (module, name) in enumerate(UNLISTED):
        yield f"unlisted-{number:02}.pkl", proto(2) + call(glob(module, name), cmd) + b".", SUSPICIOUS

    system = glob("os", "system")
    # Ways to name a thing
    yield "name-stack.pkl", proto(4) + call(stack_glob("os", "system"), cmd) + b".", DANGEROUS
    yield "name-long-texts.pkl", proto(4) + call(long_text("os") + long_text("system") + b"\x93", cmd) + b".", DANGEROUS
    yield "name-huge-texts.pkl", proto(4) + call(huge_text("os") + huge_text("system") + b"\x93", cmd) + b".", DANGEROUS
    yield "name-strings.pkl", proto(4) + call(b"U\x02os" + b"U\x06system" + b"\x93", cmd) + b".", DANGEROUS
    yield "name-binstrings.pkl", (proto(4) + call(b"T\x02\0\0\0os" + b"T\x06\0\0\0system" + b"\x93", cmd) + b".",
                                 DANGEROUS)[0], DANGEROUS
    yield "name-quoted.pkl", proto(4) + call(b"S'os'\nS'system'\n\x93", cmd) + b".", DANGEROUS
    yield "name-escaped.pkl", proto(4) + call(b"S'\\x6f\\163'\nS'sys\\x74em'\n\x93", cmd) + b".", DANGEROUS
    yield "name-unicode-escaped.pkl", proto(4) + call(b"V\\u006f\\u0073\nV\\u0073ystem\n\x93", cmd) + b".", DANGEROUS
    yield "name-wide-escaped.pkl", proto(4) + call(b"V\\U0000006fs\nVsystem\n\x93", cmd) + b".", DANGEROUS
    yield "name-dotted.pkl", proto(4) + call(stack_glob("collections", "abc.sys.modules"), cmd) + b".", DANGEROUS
    yield "name-dotted-global.pkl", proto(4) + call(glob("torch", "os.system"), cmd) + b".", DANGEROUS
    yield "name-dunder.pkl", proto(4) + call(glob("collections", "OrderedDict.__init__.__globals__"), cmd) + b".", DANGEROUS
    # The memo
    yield "memo-binget.pkl", (proto(4) + short("os") + b"q\x00" + short("system") + b"q\x01" + b"00"
                              + call(b"h\x00h\x01\x93", cmd) + b"."), DANGEROUS
    yield "memo-confusion.pkl", (proto(4) + short("os") + b"q\x00" + short("system") + b"q\x01"
                                 + short("torch._utils") + b"\x94" + short("_rebuild_tensor_v2") + b"\x94"
                                 + call(b"h\x00h\x01\x93", cmd) + b"."), DANGEROUS
    yield "memo-overwritten.pkl", (proto(4) + short("collections") + b"q\x00" + short("OrderedDict") + b"q\x01"
                                   + short("os") + b"q\x00" + short("system") + b"q\x01"
                                   + call(b"h\x00h\x01\x93", cmd) + b"."), DANGEROUS
    yield "memo-long.pkl", (proto(4) + short("os") + b"r\xff\xff\xff\x7f" + short("system") + b"p1000000\n"
                            + call(b"j\xff\xff\xff\x7fg1000000\n\x93", cmd) + b"."), DANGEROUS
    yield "memo-underscores.pkl", (proto(4) + short("os") + b"p1_0\n" + short("system") + b"p +11\n"
                                   + call(b"h\x0ah\x0b\x93", cmd) + b"."), DANGEROUS
    yield "memo-missing.pkl", proto(4) + call(b"h\x05h\x06\x93", cmd) + b".", DANGEROUS
    yield "memo-of-global.pkl", proto(4) + system + b"q\x00" + b"0" + call(b"h\x00", cmd) + b".", DANGEROUS
    yield "memo-text-get.pkl", b"Vos\np0\n0Vsystem\np1\n0(g0\ng1\n\x93" + cmd + b"o.", DANGEROUS
    # The stack
    yield "stack-dup.pkl", proto(4) + short("os") + b"2" + b"0" + short("system") + b"\x93(" + cmd + b"tR.", DANGEROUS
    yield "stack-pop-mark.pkl", proto(4) + b"(NNN1" + call(stack_glob("os", "system"), cmd) + b".", DANGEROUS
    yield "stack-noise.pkl", (proto(4) + b"".join(b"K\x01" + b"0" for _ in range(2000))
                              + call(stack_glob("os", "system"), cmd) + b"."), DANGEROUS
    yield "stack-between.pkl", (proto(4) + short("os") + b"N0" + short("system") + b"(l0" + b"\x93(" + cmd + b"tR."), DANGEROUS
    yield "stack-tuple-names.pkl", proto(4) + b"(" + short("os") + short("system") + b"t\x93.", DANGEROUS
    yield "stack-computed-name.pkl", (proto(4) + short("os")
                                      + call(glob("_codecs", "encode"), short("system")) + b"\x93("
                                      + cmd + b"tR."), DANGEROUS
    yield "stack-under.pkl", proto(4) + b"0000" + call(system, cmd) + b".", DANGEROUS
    # Ways to call
    yield "call-reduce.pkl", evil(), DANGEROUS
    yield "call-inst.pkl", b"(S'" + COMMAND + b"'\nios\nsystem\n.", DANGEROUS
    yield "call-inst-unfinished.pkl", b"(S'" + COMMAND + b"'\nios\nsystemX", DANGEROUS
    yield "call-obj.pkl", proto(2) + b"(" + system + cmd + b"o.", DANGEROUS
    yield "call-newobj.pkl", proto(2) + glob("subprocess", "Popen") + cmd + b"\x85\x81.", DANGEROUS
    yield "call-newobj-ex.pkl", proto(4) + glob("subprocess", "Popen") + cmd + b"\x85}\x92.", DANGEROUS
    yield "call-build.pkl", proto(2) + glob("mymodel", "Net") + b")\x81}" + short("__setstate__") + system + b"sb" + cmd + b"b.", DANGEROUS
    yield "call-build-import.pkl", proto(2) + glob("torch._utils", "_rebuild_tensor_v2") + b"N}" + short("__defaults__") + b"Ns\x86b.", DANGEROUS
    yield "call-chain.pkl", (proto(4) + call(call(glob("builtins", "getattr"),
                             call(glob("builtins", "__import__"), short("os")), short("system")), cmd) + b"."), DANGEROUS
    yield "call-partial.pkl", proto(4) + call(call(glob("functools", "partial"), system, cmd)) + b".", DANGEROUS
    yield "call-import-module.pkl", (proto(4) + call(call(glob("operator", "attrgetter"), short("system")),
                                     call(glob("importlib", "import_module"), short("os"))) + b"."), DANGEROUS
    yield "call-methodcaller.pkl", (proto(4) + call(call(glob("operator", "methodcaller"), short("system"), cmd),
                                    call(glob("importlib", "import_module"), short("posix"))) + b"."), DANGEROUS
    yield "call-through-torch.pkl", (proto(2) + call(glob("torch._tensor", "_rebuild_from_type_v2"),
                                     system, glob("torch", "FloatStorage"), b"(" + cmd + b"t", b"}") + b"."), DANGEROUS
    yield "call-in-dict.pkl", proto(2) + b"}" + short("a") + call(system, cmd) + b"s.", DANGEROUS
    yield "call-in-persid.pkl", proto(2) + call(system, cmd) + b"Q.", DANGEROUS
    yield "extension-1.pkl", proto(2) + b"\x82\x01" + b"(" + cmd + b"tR.", SUSPICIOUS
    yield "extension-4.pkl", proto(2) + b"\x84\x01\x00\x00\x00)R.", SUSPICIOUS
    yield "import-only.pkl", proto(2) + glob("antigravity", "x") + b"0N.", DANGEROUS
    # Framing, ends and beginnings
    yield "frame-short.pkl", proto(4) + b"\x95\x01\0\0\0\0\0\0\0" + call(system, cmd) + b".", DANGEROUS
    yield "frame-long.pkl", proto(4) + b"\x95\xff\xff\xff\x7f\0\0\0\0" + call(system, cmd) + b".", DANGEROUS
    yield "no-proto.pkl", call(system, cmd) + b".", DANGEROUS
    yield "proto-in-the-middle.pkl", b"N0" + proto(4) + call(system, cmd) + b".", DANGEROUS
    yield "proto-0-text.pkl", b"cos\nsystem\n(S'" + COMMAND + b"'\ntR.", DANGEROUS
    yield "no-stop.pkl", proto(2) + call(system, cmd), DANGEROUS
    yield "broken-after.pkl", proto(2) + call(system, cmd) + b"\xff\xff\xff", DANGEROUS
    yield "broken-later.pkl", proto(2) + call(system, cmd) + b"X\xff\xff\xff\x7f", DANGEROUS
    yield "second-pickle.pkl", pickle.dumps({"a": 1}) + evil(), DANGEROUS
    yield "hundredth-pickle.pkl", pickle.dumps([1]) * 100 + evil(), DANGEROUS
    yield "after-stop-garbage.pkl", pickle.dumps({"a": 1}) + b"\xfe\xfe" + evil(), UNKNOWN
    yield "deep.pkl", proto(2) + b"(" * 5000 + call(system, cmd) + b"1" * 4999 + b"t.", DANGEROUS
    yield "bytes-then-call.pkl", proto(3) + b"B" + struct.pack("<I", 70000) + b"\0" * 70000 + b"0" + call(system, cmd) + b".", DANGEROUS
    yield "long-number.pkl", proto(2) + b"\x8b" + struct.pack("<i", 300) + b"\1" * 300 + b"0" + call(system, cmd) + b".", DANGEROUS
    yield "bytearray.pkl", proto(5) + b"\x96" + struct.pack("<Q", 5) + b"abcde" + b"0" + call(system, cmd) + b".", DANGEROUS
    yield "next-buffer.pkl", proto(5) + b"\x97\x98" + b"0" + call(system, cmd) + b".", DANGEROUS


def hostile():
    yield from pickles()
    bad = evil()
    # Names that say something else
    for name in ("model.safetensors", "model.bin", "pytorch_model.bin", "model.pt", "model.pth", "model.ckpt", "notes.txt",
                 "README.md", "config.json", "weights", "model.h5", "model.onnx", "data.parquet", "picture.png", "model.gguf",
                 "x.joblib", "x.dill", "x.dat", "x.npy", "x.npz", "x.7z", "x.zip", "x.tar", "x.gz", "x.pk", "x.JPG"):
        yield f"named-{name}", bad, DANGEROUS
    yield "named-text.txt", b"cos\nsystem\n(S'" + COMMAND + b"'\ntR.", DANGEROUS
    yield "after-two-texts.txt", b"N.N.cos\nsystem\n(S'" + COMMAND + b"'\ntR.", DANGEROUS
    # Torch
    evil_state = proto(2) + call(glob("os", "system"), short(COMMAND)) + b"0" + tensor_pickle()[2:]
    yield "torch.pt", torch_zip(evil_state), DANGEROUS
    yield "torch-deflated.pt", torch_zip(evil_state, compression=zipfile.ZIP_DEFLATED), DANGEROUS
    yield "torch-other-name.pt", zipped([("model/payload.bin", bad)]), DANGEROUS
    yield "torch-extra-pickle.pt", torch_zip(extra=[("archive/extra/config", bad)]), DANGEROUS
    yield "torch-in-storage.pt", zipped([("archive/data.pkl", tensor_pickle()), ("archive/data/0", bad), ("archive/version", b"3")]), DANGEROUS
    yield "torch-script.pt", torch_zip(extra=[("archive/code/__torch__.py", b"def forward(self): pass\n"),
                                              ("archive/constants.pkl", proto(2) + b").")]), SUSPICIOUS
    yield "torch-script-class.pt", torch_zip(proto(2) + glob("__torch__", "Net") + b")\x81."), SUSPICIOUS
    yield "legacy.pt", legacy(evil_state), DANGEROUS
    yield "legacy-magic-by-eval.pt", (proto(2) + call(glob("builtins", "eval"), short("0x1950A86A20F9469CFC6C")) + b"."
                                      + legacy(tensor_pickle())[len(pickle.dumps(MAGIC, 2)):]), DANGEROUS
    yield "legacy-trailing.pt", legacy(tensor_pickle()) + bad, UNKNOWN
    yield "legacy-keys.pt", legacy(tensor_pickle()).replace(pickle.dumps(["0"], 2), bad), DANGEROUS
    yield "legacy-tar.pt", tarred([("sys_info", pickle.dumps({}, 2)), ("pickle", bad), ("tensors", pickle.dumps(0, 2))],
                                  tarfile.USTAR_FORMAT), DANGEROUS
    yield "nemo.nemo", tarred([("model_config.yaml", b"a: 1\n"), ("model_weights.ckpt", torch_zip(evil_state))]), DANGEROUS
    # Zip tricks
    plain = zipped([("a.pkl", bad)])
    yield "zip.zip", plain, DANGEROUS
    yield "zip-comment.zip", zipped([("a.pkl", bad)], comment=b"x" * 1000), DANGEROUS
    fake_end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0, 0, 0, 0, 0)
    yield "zip-fake-end-in-comment.zip", zipped([("a.pkl", bad)], comment=fake_end), DANGEROUS
    yield "zip-prefix.zip", b"#!/bin/sh\nexit 0\n" + plain, DANGEROUS
    yield "zip-pickle-prefix.pkl", bad + plain, DANGEROUS
    yield "zip-benign-pickle-prefix.pkl", pickle.dumps(1) + plain, DANGEROUS
    yield "zip-trailing.zip", plain + b"trailing", DANGEROUS
    yield "zip-truncated.zip", plain[:-30], DANGEROUS
    yield "zip-no-directory.zip", plain[: plain.index(b"PK\x01\x02")], DANGEROUS
    yield "zip-crc.zip", patch(plain, {14: struct.pack("<I", 1)}, {16: struct.pack("<I", 1)}), DANGEROUS
    yield "zip-crc-one-header.zip", patch(plain, {14: struct.pack("<I", 1)}, {}), DANGEROUS
    yield "zip-flag-encrypted.zip", patch(plain, {6: b"\x01\x00"}, {8: b"\x01\x00"}), DANGEROUS
    yield "zip-flag-strong.zip", patch(plain, {6: b"\x40\x00"}, {8: b"\x40\x00"}), DANGEROUS
    yield "zip-flag-masked.zip", patch(plain, {6: b"\x00\x20"}, {8: b"\x00\x20"}), DANGEROUS
    yield "zip-flag-one-header.zip", patch(plain, {}, {8: b"\x01\x00"}), DANGEROUS
    yield "zip-other-local-name.zip", patch(plain, {30: b"b"}, {}), DANGEROUS
    yield "zip-nul-name.zip", zipped([("a.pkl\0.txt", bad)]), DANGEROUS
    yield "zip-method-unknown.zip", patch(plain, {8: b"\x0c\x00"}, {10: b"\x0c\x00"}), UNKNOWN
    yield "zip-method-one-header.zip", patch(plain, {}, {10: b"\x63\x00"}), DANGEROUS
    yield "zip-size-zero.zip", patch(plain, {18: b"\0" * 8}, {}), DANGEROUS
    yield "zip-size-zero-central.zip", patch(plain, {}, {20: b"\0" * 8}), DANGEROUS
    yield "zip-traversal.zip", zipped([("../../evil.txt", b"hello\n")]), SUSPICIOUS
    yield "zip-absolute.zip", zipped([("/etc/cron.d/x", b"hello\n")]), SUSPICIOUS
    yield "zip-backslash.zip", zipped([("..\\evil.txt", b"hello\n")]), SUSPICIOUS
    duplicate = patch_name(zipped([("a.pkl", pickle.dumps(1)), ("b.pkl", bad)]), b"b.pkl", b"a.pkl")
    yield "zip-duplicate.zip", duplicate, DANGEROUS
    yield "zip-duplicate-first.zip", patch_name(zipped([("a.pkl", bad), ("b.pkl", pickle.dumps(1))]), b"b.pkl", b"a.pkl"), DANGEROUS
    yield "zip-hidden.zip", hide(zipped([("a.pkl", bad), ("b.txt", b"hello\n")])), DANGEROUS
    yield "zip-gap.zip", gap(zipped([("b.txt", b"hello\n")]), evil()), UNKNOWN
    yield "zip-nested.zip", zipped([("inner.bin", zipped([("deep.txt", bad)]))]), DANGEROUS
    yield "zip-nested-deflated.zip", zipped([("inner", zipped([("deep", bad)], zipfile.ZIP_DEFLATED))], zipfile.ZIP_DEFLATED), DANGEROUS
    deep = bad
    for _ in range(10):
        deep = zipped([("x", deep)])
    yield "zip-ten-deep.zip", deep, UNKNOWN
    yield "zip64.zip", zip64(bad), DANGEROUS
    yield "zip-descriptor.zip", described(bad), DANGEROUS
    yield "zip-overlap.zip", overlap(zipped([("a.txt", b"hello\n" * 10), ("b.txt", b"hello\n" * 10)])), SUSPICIOUS
    yield "zip-bzip2.zip", zipped([("a.pkl", bad)], zipfile.ZIP_BZIP2), UNKNOWN
    yield "zip-lzma.zip", zipped([("a.pkl", bad)], zipfile.ZIP_LZMA), UNKNOWN
    yield "zip-link.zip", linked(), SUSPICIOUS
    yield "zip-library.zip", zipped([("lib/x.so", b"\x7fELF" + b"\0" * 100)]), SUSPICIOUS
    # Tar, and what is packed as a whole
    for label, format in (("ustar", tarfile.USTAR_FORMAT), ("pax", tarfile.PAX_FORMAT), ("gnu", tarfile.GNU_FORMAT)):
        yield f"tar-{label}.tar", tarred([("a" * (60 if label == "ustar" else 180) + ".pkl", bad)], format), DANGEROUS
    yield "tar-traversal.tar", tarred([("../x.txt", b"hello\n")]), SUSPICIOUS
    yield "tar-link.tar", tar_link("/etc/passwd"), SUSPICIOUS
    yield "tar-no-magic.tar", tar_without_magic(bad), DANGEROUS
    yield "tar-trailing.tar", tarred([("a.txt", b"hello\n")]) + bad, UNKNOWN
    yield "tar-gz.tar.gz", gzip.compress(tarred([("a.pkl", bad)])), DANGEROUS
    yield "gzip.pkl.gz", gzip.compress(bad), DANGEROUS
    yield "gzip-twice.pkl.gz", gzip.compress(b"") + gzip.compress(bad), DANGEROUS
    yield "gzip-split.pkl.gz", gzip.compress(bad[:10]) + gzip.compress(bad[10:]), DANGEROUS
    yield "gzip-named.joblib", gzip.compress(bad), DANGEROUS
    yield "gzip-trailing.gz", gzip.compress(b"hello\n") + bad, DANGEROUS
    yield "zlib.joblib", zlib.compress(bad), DANGEROUS
    yield "zlib-fast.joblib", zlib.compress(bad, 1), DANGEROUS
    yield "bzip2.joblib", bz2.compress(bad), UNKNOWN
    yield "xz.joblib", lzma.compress(bad), UNKNOWN
    yield "lzma.joblib", lzma.compress(bad, lzma.FORMAT_ALONE), UNKNOWN
    yield "7z.pt", b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(range(64)) + bad, UNKNOWN
    yield "rar.bin", b"Rar!\x1a\x07\x01\x00" + bytes(range(64)), UNKNOWN
    yield "zstd.bin", b"\x28\xb5\x2f\xfd" + bytes(range(64)), UNKNOWN
    yield "lz4.joblib", b"\x04\x22\x4d\x18" + bytes(range(64)), UNKNOWN
    # NumPy
    yield "objects.npy", npy_with(bad), DANGEROUS
    yield "objects-structured.npy", npy_with(bad, "[('a', '<f4'), ('b', '|O')]"), DANGEROUS
    yield "objects-nested.npy", npy_with(bad, "[('a', [('b', '<f4'), ('c', 'O')])]"), DANGEROUS
    yield "objects-odd-header.npy", npy_with(bad, "'|' 'O'"), UNKNOWN
    yield "objects-escaped.npy", npy_with(bad, "'\\x4f'"), UNKNOWN
    yield "objects.npz", zipped([("arr_0.npy", npy_with(bad))]), DANGEROUS
    yield "objects-deflated.npz", zipped([("arr_0.npy", npy_with(bad))], zipfile.ZIP_DEFLATED), DANGEROUS
    yield "objects-wrong-ending.npz", zipped([("arr_0.txt", npy_with(bad))]), DANGEROUS
    yield "trailing.npy", npy(numpy.arange(4.0)) + bad, UNKNOWN
    # Headers that lie
    good = safetensors({"w": numpy.zeros(4, "float32")})
    yield "overlap.safetensors", safetensors_raw({"a": ["F32", [1], [0, 4]], "b": ["F32", [1], [0, 4]]}, 4), SUSPICIOUS
    yield "gap.safetensors", safetensors_raw({"a": ["F32", [1], [4, 8]]}, 8), SUSPICIOUS
    yield "huge.safetensors", struct.pack("<Q", 99_000_000) + good[8:], SUSPICIOUS
    yield "trailing.safetensors", good + bad, SUSPICIOUS
    yield "truncated.safetensors", good[:-4], SUSPICIOUS
    yield "overflow.safetensors", safetensors_raw({"a": ["F32", [2**62, 16], [0, 4]]}, 4), SUSPICIOUS
    yield "zip-behind.safetensors", good + plain, DANGEROUS
    yield "long-text.gguf", gguf({"general.name": "x"})[:24] + struct.pack("<Q", 2**60) + b"x" * 40, SUSPICIOUS
    yield "many.gguf", b"GGUF" + struct.pack("<IQQ", 3, 2**40, 2**40), SUSPICIOUS
    yield "template.gguf", gguf({"tokenizer.chat_template": TEMPLATES[0]}), SUSPICIOUS
    yield "footer.parquet", b"PAR1" + b"\0" * 16 + struct.pack("<I", 2**31) + b"PAR1", SUSPICIOUS
    yield "pickled-type.parquet", parquet(b"AAAAYXJyb3cucHlfZXh0ZW5zaW9uX3R5cGUAAAA="), DANGEROUS
    yield "no-end.parquet", parquet()[:-4] + b"XXXX", UNKNOWN
    yield "pickled-type.arrow", b"ARROW1\0\0" + b"\0" * 16 + b"arrow.py_extension_type" + b"\0" * 9 + b"\x08\0\0\0ARROW1", DANGEROUS
    # Graphs
    yield "custom-domain.onnx", onnx(domain="evil.ops"), SUSPICIOUS
    yield "custom-opset.onnx", onnx(opset="evil.ops"), SUSPICIOUS
    yield "external-absolute.onnx", onnx(location="/etc/passwd"), DANGEROUS
    yield "external-parent.onnx", onnx(location="../../secret"), DANGEROUS
    for operator in ("ReadFile", "WriteFile", "PyFunc", "EagerPyFunc"):
        yield f"operator-{operator}.pb", saved_model("Const", operator), DANGEROUS
    yield "lambda.keras", keras(keras_config(LAMBDA)), DANGEROUS
    yield "lambda-nested.keras", keras(keras_config({"class_name": "Sequential", "config": {"layers": [LAMBDA]}})), DANGEROUS
    yield "module.keras", keras(keras_config({"module": "os", "class_name": "system", "config": {}})), SUSPICIOUS
    yield "function.keras", keras(keras_config({"module": "keras.utils", "class_name": "get_file", "config": {}})), SUSPICIOUS
    yield "tfsm.keras", keras(keras_config({"module": "keras.layers", "class_name": "TFSMLayer", "config": {}})), SUSPICIOUS
    yield "lambda.h5", hdf5(b"model_config\0" + json.dumps(keras_config(LAMBDA)).encode()), DANGEROUS
    yield "lambda-escaped.h5", hdf5(b"model_config\0" + json.dumps(keras_config(LAMBDA)).encode().replace(b"Lambda", b"\\u004cambda")), SUSPICIOUS
    yield "module.h5", hdf5(b"model_config\0" + json.dumps(keras_config({"module": "evil", "class_name": "X"})).encode()), SUSPICIOUS
    yield "trailing.h5", hdf5() + bad, UNKNOWN
    # Code and texts
    yield "modeling.py", b"import torch\n", SUSPICIOUS
    yield "run.sh", b"#!/bin/sh\necho hello\n", SUSPICIOUS
    yield "script-without-ending", b"#!/usr/bin/env python3\nprint(1)\n", SUSPICIOUS
    yield "library.so", b"\x7fELF\x02\x01\x01" + b"\0" * 200, SUSPICIOUS
    yield "program.exe", b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0" + b"\0" * 100, SUSPICIOUS
    yield "module.pyc", b"\xa7\x0d\x0d\x0a" + b"\0" * 40, SUSPICIOUS
    yield "module.wasm", b"\0asm\x01\0\0\0" + b"\0" * 40, SUSPICIOUS
    for number, template in enumerate(TEMPLATES):
        yield f"chat-{number}.jinja", template.encode(), SUSPICIOUS
    yield "auto-map-config.json", json.dumps({"auto_map": {"AutoModel": "modeling.Net"}}).encode(), SUSPICIOUS
    yield "auto-map-escaped.json", b'{"auto\\u005fmap": {"AutoModel": "modeling.Net"}}', SUSPICIOUS
    yield "auto-map-nan.json", b'{"x": NaN, "auto_map": {"AutoModel": "m.N"}}', SUSPICIOUS
    yield "template-in.json", json.dumps({"chat_template": TEMPLATES[1]}).encode(), SUSPICIOUS
    yield "templates-in.json", json.dumps({"chat_template": [{"name": "default", "template": TEMPLATES[2]}]}).encode(), SUSPICIOUS
    yield "python.yaml", b"a: !!python/object/apply:os.system ['id']\n", DANGEROUS
    for number, secret in enumerate(secrets()):
        yield f"secret-{number}.env", b"KEY=" + secret + b"\n", SUSPICIOUS
    yield "picture-with-zip.png", png() + plain, DANGEROUS
    yield "picture-with-pickle.png", png() + bad, UNKNOWN
    yield "random.bin", random.Random(7).randbytes(5000), UNKNOWN
    yield "random-with-pickle.bin", random.Random(8).randbytes(5000) + bad, UNKNOWN


TEMPLATES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{% for x in messages %}{{ lipsum.__globals__['os'].popen('id').read() }}{% endfor %}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ messages|attr('__class__') }}",
    "{{ messages|attr('\\x5f\\x5fclass\\x5f\\x5f') }}",
    "{{ messages|attr('_'~'_class_'~'_') }}",
    "{% import 'other' as other %}{{ other.x }}",
    "{% include 'other.jinja' %}",
    "{{ namespace.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ messages['__class__'] }}",
    "{{ joiner.__init__ }}",
]


def secrets():
    """Made up, and put together here so that nobody's scanner takes this file for one that holds them."""
    letters = random.Random(3)

    def some(count, alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"):
        return "1" + "".join(letters.choice(alphabet) for _ in range(count - 1))

    upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    for text in ("AKIA" + some(16, upper), "ghp_" + some(36), "github_pat_" + some(82), "glpat-" + some(20),
                 "hf_" + some(34), "sk-proj-" + some(60), "xoxb-" + some(40), "npm_" + some(36), "AIza" + some(35)):
        yield text.encode()
    yield ("-----BEGIN RSA " + "PRIVATE KEY-----\n" + "\n".join(some(64) for _ in range(6)) + "\n-----END RSA PRIVATE KEY-----").encode()
    yield ("-----BEGIN OPENSSH " + "PRIVATE KEY-----\n" + "\n".join(some(64) for _ in range(6))).encode()


# -- zips that zipfile does not write

def patch(archive, local, central):
    """Changes bytes of the first local header, and of the first entry of the directory."""
    data = bytearray(archive)
    for start, changes in ((0, local), (archive.index(b"PK\x01\x02"), central)):
        for at, new in changes.items():
            data[start + at:start + at + len(new)] = new
    return bytes(data)


def patch_name(archive, old, new):
    return archive.replace(old, new)


def hide(archive):
    """Takes the first entry out of the directory."""
    start = archive.index(b"PK\x01\x02")
    second = archive.index(b"PK\x01\x02", start + 4)
    end = archive.index(b"PK\x05\x06")
    directory = archive[second:end]
    return archive[:start] + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), start, 0)


def gap(archive, between):
    """Puts bytes between the last file and the directory."""
    start, end = archive.index(b"PK\x01\x02"), archive.index(b"PK\x05\x06")
    return (archive[:start] + between + archive[start:end]
            + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, end - start, start + len(between), 0))


def overlap(archive):
    """Lets the second entry begin where the first does."""
    data = bytearray(archive)
    second = archive.index(b"PK\x01\x02", archive.index(b"PK\x01\x02") + 4)
    data[second + 42:second + 46] = struct.pack("<I", 0)
    return bytes(data)


def zip64(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        with archive.open("a.pkl", "w", force_zip64=True) as file:
            file.write(content)
    data = buffer.getvalue()
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    wide = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, end - start, start)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    return data[:end] + wide + locator + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)


class Stream(io.RawIOBase):
    """Cannot be sought in, which makes zipfile write the sizes behind the content."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, data):
        self.data += bytes(data)
        return len(data)


def described(content):
    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.pkl", content)
    return stream.data


def linked():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = 0xA1FF << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def tar_link(target):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("link")
        info.type, info.linkname = tarfile.SYMTYPE, target
        archive.addfile(info)
    return buffer.getvalue()


def tar_without_magic(content):
    data = bytearray(tarred([("a.pkl", content)], tarfile.USTAR_FORMAT))
    data[257:265] = b"\0" * 8
    data[148:156] = b" " * 8
    data[148:156] = f"{sum(data[:512]):06o}\0 ".encode()
    return bytes(data)


def safetensors_raw(tensors, size):
    header = {name: {"dtype": t[0], "shape": t[1], "data_offsets": t[2]} for name, t in tensors.items()}
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"\0" * size


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(b"\0\1\2\3")) + chunk(b"IEND", b""))


# -- benign

def benign():
    random_numbers = random.Random(11)
    values = [1, -5, 10**30, 1.5, "text", "Grüße, 世界", b"bytes", None, True, [1, [2, [3]]], (1, 2), {"a": [1, 2]},
              {"vocab": {f"token{i}": i for i in range(3000)}}, list(range(5000)), {"nested": {"x": {"y": [None] * 300}}}]
    for number, value in enumerate(values):
        for protocol in (0, 2, 4, 5):
            if isinstance(value, bytes) and protocol < 3:
                continue
            yield f"plain-{number}-{protocol}.pkl", pickle.dumps(value, protocol)
    yield "set.pkl", pickle.dumps({1, 2, 3}, 4)
    yield "frozenset.pkl", pickle.dumps(frozenset("abc"), 4)
    yield "bytearray.pkl", pickle.dumps(bytearray(b"x" * 1000), 5)
    yield "several.pkl", b"".join(pickle.dumps(i) for i in range(50))
    yield "memoized.pkl", pickle.dumps([["shared"] * 3] * 400, 4)
    yield "array.pkl", pickle.dumps(numpy.arange(100.0), 4)
    # Torch
    for folder in ("archive", "model", "pytorch_model", "a/b"):
        yield f"torch-{folder.replace('/', '-')}.pt", torch_zip(folder=folder)
    for storage in ("HalfStorage", "BFloat16Storage", "LongStorage", "ByteStorage", "DoubleStorage", "BoolStorage"):
        yield f"torch-{storage}.bin", torch_zip(tensor_pickle(storage=storage))
    for count in (2, 5, 50, 200):
        yield f"torch-{count}.pth", torch_zip(names=[f"layers.{n}.weight" for n in range(count)])
    yield "torch-bytes.bin", torch_zip(extra=[("archive/.data/serialization_id", b"1234567890"), ("archive/.format_version", b"1")])
    yield "pytorch_model.bin", torch_zip()
    yield "checkpoint.ckpt", torch_zip()
    yield "legacy.pt", legacy(tensor_pickle())
    yield "legacy-three.bin", legacy(tensor_pickle(names=("a", "b", "c")), keys=("0", "1", "2"))
    yield "legacy.ckpt", legacy(tensor_pickle(storage="IntStorage"))
    # NumPy
    for dtype in ("<f4", "<f8", ">i4", "|b1", "<c16", "<U7", "|S5", "|u1", "<f2", "<M8[ns]"):
        yield f"array-{dtype[1:3]}.npy", npy(numpy.zeros((3, 2), dtype))
    yield "structured.npy", npy(numpy.zeros(3, [("O", "<f4"), ("name", "<U8"), ("xyz", "<f8", (3,))]))
    yield "fortran.npy", npy(numpy.asfortranarray(numpy.zeros((3, 4))))
    yield "version-2.npy", npy(numpy.zeros(3), version=(2, 0))
    yield "empty.npy", npy(numpy.zeros((0, 5)))
    yield "texts.npy", npy_with(pickle.dumps(numpy.array(["a", None, 3], dtype=object), 4), shape="(3,)")
    for compress in (numpy.savez, numpy.savez_compressed):
        buffer = io.BytesIO()
        compress(buffer, a=numpy.arange(1000), b=numpy.zeros((200, 200)), c=numpy.array(["x", "yy"]))
        yield f"{compress.__name__}.npz", buffer.getvalue()
    # Tensor files
    for number in range(8):
        tensors = {f"layer.{n}": numpy.full((n + 1, 4), n, random_numbers.choice(["float32", "float16", "int64", "uint8"]))
                   for n in range(number + 1)}
        yield f"model-{number}.safetensors", safetensors(tensors, {"format": "pt"} if number % 2 else None)
    try:
        from safetensors.numpy import save
        yield "written.safetensors", save({"a": numpy.zeros((4, 4), "float32")})
    except ImportError:
        pass
    for number, template in enumerate(GOOD_TEMPLATES):
        yield f"model-{number}.gguf", gguf({"general.architecture": "llama", "tokenizer.chat_template": template},
                                          [("w", 8)])
        yield f"chat-{number}.jinja", template.encode()
        yield f"tokenizer_config-{number}.json", json.dumps({"chat_template": template, "model_max_length": 4096}).encode()
    # Graphs and tables
    yield "model.onnx", onnx()
    yield "model-ml.onnx", onnx(domain="ai.onnx.ml")
    yield "model-ms.onnx", onnx(domain="com.microsoft")
    yield "external.onnx", onnx(location="model.onnx_data")
    yield "saved_model.pb", saved_model("Const", "MatMul", "Relu", "SaveV2", "RestoreV2")
    yield "frozen.pb", b"".join(field(1, field(1, f"n{i}") + field(2, "MatMul")) for i in range(20))
    yield "tokenizer.model", b"".join(field(1, field(1, f"piece{i}") + b"\x15" + struct.pack("<f", -i)) for i in range(200)) + field(2, b"") + field(3, b"")
    yield "dense.keras", keras(keras_config({"module": "keras.layers", "class_name": "Dropout", "config": {"rate": 0.1}, "registered_name": None}))
    yield "weights.h5", hdf5(b"\0" * 5000)
    yield "model.h5", hdf5(b"model_config\0" + json.dumps(keras_config({"module": "keras.layers", "class_name": "Dense"})).encode())
    yield "train.parquet", parquet()
    yield "data.arrow", b"ARROW1\0\0" + b"\0" * 40 + b"\x08\0\0\0ARROW1"
    yield "flax_model.msgpack", b"\x82\xa6params\x81\xa6kernel\xc7\x08\x01abcdefgh\xa4step\xcd\x01\x00"
    # Archives
    texts = [("readme.txt", b"hello\n"), ("data/a.csv", b"a,b\n1,2\n"), ("data/b.json", b'{"a": 1}')]
    yield "texts.zip", zipped(texts)
    yield "texts-deflated.zip", zipped(texts + [("long.txt", b"many words " * 5000)], zipfile.ZIP_DEFLATED)
    yield "texts-comment.zip", zipped(texts, comment=b"made for a test")
    yield "described.zip", described(b"just text\n" * 100)
    yield "texts.tar", tarred(texts)
    yield "texts-gnu.tar", tarred([("n" * 150 + ".txt", b"hello\n")], tarfile.GNU_FORMAT)
    yield "texts.tar.gz", gzip.compress(tarred(texts))
    yield "words.txt.gz", gzip.compress(b"many words " * 5000)
    yield "plain.pkl.gz", gzip.compress(pickle.dumps({"a": 1}))
    yield "plain.joblib", zlib.compress(pickle.dumps({"a": 1}))
    yield "empty.zip", zipped([])
    yield "npz-in.tar", tarred([("a.npz", zipped([("x.npy", npy(numpy.zeros(4)))])), ("b.txt", b"hello\n")])
    # Texts
    yield "README.md", b"---\nlicense: mit\n---\n# Model\n\nUse `{{ messages }}` and os.system(1).\n\n```python\nimport os\n```\n"
    yield "config.json", json.dumps({"architectures": ["LlamaForCausalLM"], "hidden_size": 64, "rope_scaling": None}).encode()
    yield "tokenizer.json", json.dumps({"model": {"vocab": {chr(33 + i): i for i in range(2000)}, "merges": []}}).encode()
    yield "trainer_state.json", b'{"best": NaN, "log": [{"loss": Infinity}, {"loss": -Infinity}]}'
    yield "vocab.txt", "\n".join(["[PAD]", "cat", "dog", "os", "system", "(", "tR."] + [f"w{i}" for i in range(3000)]).encode()
    yield "merges.txt", b"#version: 0.2\n" + "\n".join(f"a{i} b{i}" for i in range(500)).encode()
    yield "train.csv", b"text,label\n" + b"a sentence,1\n" * 2000
    yield "train.jsonl", b'{"text": "a", "label": 1}\n' * 2000
    yield "params.yaml", b"model:\n  type: x\n  lr: 0.1\n"
    yield "LICENSE", b"MIT License\n\nPermission is hereby granted, free of charge...\n"
    yield ".gitattributes", b"*.bin filter=lfs diff=lfs merge=lfs -text\n"
    yield "chinese.md", "# 模型\n\n这是一个说明。\n".encode()
    yield "release notes.txt", b"Git v2.30.3 Release Notes\n=====\n\nWords.\n"
    yield "cities.txt", b"cos\nsystem\nthese are words\n"
    yield "class names.txt", b"classes\ncat\ndog\n(bird)\ntree\nRat.\n"
    yield "empty.txt", b""
    yield "placeholders.env", b"HF_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\nAWS=AKIAIOSFODNN7EXAMPLE\nKEY=sk-your-key-here\n"
    yield "keys.md", b"Put your key between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY-----.\n"
    yield "page.html", b"<html><body>{{ name }}</body></html>\n"
    yield "drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>\n"
    yield "bom.json", b"\xef\xbb\xbf{\"a\": 1}"
    # Pictures and sounds
    yield "picture.png", png()
    yield "picture.gif", b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;"
    yield "picture.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0" + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + b"data\xff\0data" + b"\xff\xd9"
    wave = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data" + struct.pack("<I", 100) + b"\x80" * 100
    yield "sound.wav", b"RIFF" + struct.pack("<I", 4 + len(wave)) + b"WAVE" + wave
    yield "picture.webp", b"RIFF" + struct.pack("<I", 12) + b"WEBPVP8 " + struct.pack("<I", 0)
    yield "film.mp4", struct.pack(">I", 16) + b"ftypisom\0\0\0\0" + struct.pack(">I", 12) + b"mdatabcd"
    yield "paper.pdf", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
    yield "font.woff2", b"wOF2" + b"\0" * 60


GOOD_TEMPLATES = [
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' }}{% endfor %}",
    "{{ bos_token }}{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('Roles must alternate') }}{% endif %}{{ m.content | trim }}{% endfor %}",
    "{%- set ns = namespace(found=false) -%}{%- for m in messages -%}{%- if m.role == 'system' -%}"
    "{%- set ns.found = true -%}{%- endif -%}{%- endfor -%}{{ tools | tojson(indent=4) }}",
    "{%- if not date_string is defined %}{%- set date_string = strftime_now('%d %b %Y') %}{%- endif %}"
    "{%- macro render(x) -%}{{ x.items() | list | length }}{%- endmacro -%}{{ render({'a': 1}) }}",
]


def write(folder: pathlib.Path) -> dict:
    """Writes all files; answers name -> least verdict, `clean` for what is benign."""
    labels = {}
    for kind, files in (("hostile", hostile()), ("benign", ((name, data, "clean") for name, data in benign()))):
        (folder / kind).mkdir(parents=True)
        for name, data, verdict in files:
            name = f"{kind}/{name}"
            assert name not in labels, name
            (folder / name).write_bytes(data)
            labels[name] = verdict
    return labels


if __name__ == "__main__":
    print(json.dumps(write(pathlib.Path(sys.argv[1]))))
