"""What is installed from where: package, members, hashes, licence, network."""

from __future__ import annotations

from dataclasses import dataclass

from spliceai_cli.network import BlockSpec, NetworkSpec

_GROUP = 4  # blocks of one kernel and dilation, the last of them tapped


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
        package, version: what pip is asked for.
        sha256: of the wheel.
        networks: Keras files, in ensemble order.
        tables: gene tables.
        licence: shown when installing.
    """

    package: str
    version: str
    sha256: str
    networks: tuple[Member, ...]
    tables: tuple[Member, ...]
    licence: str


@dataclass(frozen=True)
class Model:
    """A model that can be installed.

    Attributes:
        source: where its files come from.
        spec: its network.
        weights_sha256: of the converted tensors, see ``weights.load.tensors_sha256``.
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
        licence=(
            "The SpliceAI weights are Illumina's, under CC BY-NC 4.0 (free for non-commercial use; commercial use "
            "needs a licence from Illumina). The gene tables are made from GENCODE V24."
        ),
    ),
    # Supplement of Jaganathan et al. 2019: four groups of four blocks; a tap after each group.
    spec=NetworkSpec(
        name="spliceai",
        blocks=tuple(
            BlockSpec(kernel, dilation, is_tapped=i == _GROUP - 1)
            for kernel, dilation in ((11, 1), (11, 4), (21, 10), (41, 25))
            for i in range(_GROUP)
        ),
        norm_eps=1e-3,
    ),
    weights_sha256="a646cc67949e3edca5c321468c8bd672de24433fd27aebc3d51e6c4d51dd84d4",
)
