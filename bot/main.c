/* Wiring only: chooses the program by its first argument. */
int main(void)
{
    return 0;
}
