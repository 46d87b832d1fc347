"""How often the garbage collector looks through what the program holds: seldom, once it is loaded."""

import gc


def settle() -> None:
    """Lets what the program is made of alone, which stays for ever, and looks at the rest only now and then.

    Little of what requests and tasks leave behind goes in circles; a file of 10,000 rows is looked through in vain.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
