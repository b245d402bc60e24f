"""The known models: their networks, and where their files are installed from."""

from __future__ import annotations

from dataclasses import dataclass

from spliceai_cli.models.spec import BlockSpec, NetworkSpec
from spliceai_cli.scores.tissues import TISSUES

# Supplement of Jaganathan et al. 2019: a stage is four blocks of one kernel and dilation, then a tap. SpliceAI-80nt,
# -400nt, -2k and -10k have one to four stages. The other models reuse the 10k stack; OpenSpliceAI reuses all four.
_STAGES = ((11, 1), (11, 4), (21, 10), (41, 25))
_STAGE_BLOCKS = 4


def _stack(n_stages: int) -> tuple[BlockSpec, ...]:
    return tuple(
        BlockSpec(kernel, dilation, is_tapped=i == _STAGE_BLOCKS - 1)
        for kernel, dilation in _STAGES[:n_stages]
        for i in range(_STAGE_BLOCKS)
    )


#: Name of the folder of parsed annotations, beside the models' folders.
CACHE_FOLDER = "annotations"

#: File name of converted weights.
CONVERTED = "weights.safetensors"

#: Context in bp -> the residual blocks that need it.
BLOCKS = {2 * sum(2 * block.reach for block in _stack(n)): _stack(n) for n in range(1, len(_STAGES) + 1)}


@dataclass(frozen=True)
class Member:
    """One file inside a wheel."""

    path: str
    sha256: str

    @property
    def name(self) -> str:
        """File name without folders."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Source:
    """A wheel on the package index that holds a model.

    Attributes:
        package, version: requirement given to pip.
        sha256: digest of the wheel.
        networks: network files, in ensemble order.
        tables: gene table files.
        notice: licence notice, shown when installing.
    """

    package: str
    version: str
    sha256: str
    networks: tuple[Member, ...]
    tables: tuple[Member, ...]
    notice: str


@dataclass(frozen=True)
class Model:
    """A model that can be installed from the package index.

    Attributes:
        source: where its files come from.
        spec: its network.
        weights_sha256: digest of the converted tensors, see ``models.load.tensors_sha256``.
    """

    source: Source
    spec: NetworkSpec
    weights_sha256: str


SPLICEAI = Model(
    source=Source(
        package="spliceai",
        version="1.3.1",
        sha256="63c633b8de6803d4ffb613e6ef62f1a896fec9fc13245c0f000ff7adea279776",
        networks=(
            Member("spliceai/models/spliceai1.h5", "e1fd5adcef7489d604b10e79c40078ef790d51ef048c4ce3869c9119ac5de42b"),
            Member("spliceai/models/spliceai2.h5", "6ab042b82ab966b6d3582cb31b96f0859ea08a864f168d69e83aa14450a3b66e"),
            Member("spliceai/models/spliceai3.h5", "e2e790bde53dfdf410c6dc434a86122a7d12f3f38dc2ef45d85986e9ecf22fad"),
            Member("spliceai/models/spliceai4.h5", "ca88ac9e58e69ba6fdeed319b72f063f164c9abf7392eaccef903e94c1d99dd6"),
            Member("spliceai/models/spliceai5.h5", "791cd22c62a80a08d2ca674615a93ce8159d7b55bd157cfef2983b1bd6b41391"),
        ),
        tables=(
            Member(
                "spliceai/annotations/grch37.txt", "16e495da074e965f46f60ced4e73292843e949051d2dc31dd521da3fd7615dce"
            ),
            Member(
                "spliceai/annotations/grch38.txt", "565c0ea83f66b2210182364c3d626fef526229e3d02f444bab247329b6695f2c"
            ),
        ),
        notice=(
            "The SpliceAI weights are Illumina's, under CC BY-NC 4.0 (free for non-commercial use; commercial use "
            "needs a licence from Illumina). The gene tables are made from GENCODE V24."
        ),
    ),
    spec=NetworkSpec(name="spliceai", blocks=BLOCKS[10_000], key="SpliceAI", licence="CC BY-NC 4.0", norm_eps=1e-3),
    weights_sha256="a646cc67949e3edca5c321468c8bd672de24433fd27aebc3d51e6c4d51dd84d4",
)

CISPLICEAI = Model(
    source=Source(
        package="cispliceai",
        version="1.2.2",
        sha256="def1db5358848a19533fd387e0620fc0df79784b9e6e1cba1a045ad6678e1da7",
        networks=(
            Member(
                "cispliceai/data/CI-SpliceAI.pb", "34330c2fd844f73cbf2f8acef85f519cabc4350016e6f19ac2b935aa53b43d06"
            ),
        ),
        tables=(),
        notice=(
            "The CI-SpliceAI weights are by Strauch et al. (doi 10.1371/journal.pone.0269159), under CC BY 4.0: free "
            "to use, also commercially, with attribution."
        ),
    ),
    spec=NetworkSpec(name="cispliceai", blocks=BLOCKS[10_000], key="CISpliceAI", licence="CC BY 4.0", norm_eps=1e-3),
    weights_sha256="3a41865792803ad6763aaee21e3cbd228bd8650b03ae54c5d74ddcef0d4e4877",
)

#: Models on the package index, by name.
MODELS = {model.spec.name: model for model in (SPLICEAI, CISPLICEAI)}

#: Zeng & Li, Genome Biology 2022, doi 10.1186/s13059-022-02664-4. Three replicates for each tissue.
PANGOLIN = NetworkSpec(
    name="pangolin",
    blocks=BLOCKS[10_000],
    key="Pangolin",
    licence="GPL-3.0",
    scoring=TISSUES.name,
    classes=("neither", "splice"),
    groups=("heart", "liver", "brain", "testis"),
    norm_eps=1e-5,
    n_networks=12,
)


def openspliceai(context: int, n_networks: int) -> NetworkSpec:
    """The spec of OpenSpliceAI's networks (Chao et al., eLife 2025, doi 10.7554/eLife.107454).

    Args:
        context: bases, a key of ``BLOCKS``.
        n_networks: members of the ensemble.
    """
    return NetworkSpec(
        name="openspliceai",
        blocks=BLOCKS[context],
        key="OpenSpliceAI",
        licence="GPL-3.0",
        activation="leaky_relu_0.1",
        norm_eps=1e-5,
        n_networks=n_networks,
    )


#: Models whose weights users must fetch themselves.
OTHERS = ("openspliceai", "pangolin")

#: INFO keys of the known models.
KNOWN_KEYS = frozenset({SPLICEAI.spec.key, CISPLICEAI.spec.key, PANGOLIN.key, "OpenSpliceAI"})
