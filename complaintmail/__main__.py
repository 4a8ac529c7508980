"""python -m complaintmail"""

from complaintmail.cli import main

if __name__ == "__main__":
    main()
